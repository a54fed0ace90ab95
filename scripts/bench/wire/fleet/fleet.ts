import type { LineProcess } from '../race/line-process.ts'
import { startOwnProcess } from '../race/own-process.ts'
import type { Done, MinerAddress, MinersTask, Order } from './messages.ts'

/** A validator's process with the miners' beside it. */
export interface Fleet {
  readonly miners: readonly MinerAddress[]
  /** Bytes of resident memory of the validator before it knew anybody. */
  readonly idleRss: number
  order(order: Order): Promise<Done>
  close(): Promise<void>
}

/** Starts so many miners in so many processes, and a validator that has not dialled them yet. */
export async function startFleet(seed: number, count: number, processes: number): Promise<Fleet> {
  const open: LineProcess[] = []
  const start = (file: string, task: unknown) => {
    const started = startOwnProcess(new URL(file, import.meta.url), task)
    open.push(started)
    return started
  }
  const close = async () => {
    await Promise.all(open.map((one) => one.close()))
  }
  try {
    const each = Math.ceil(count / processes)
    const starting = Array.from({ length: processes }, async (_, at) => {
      const task: MinersTask = { seed, from: at * each, count: Math.min(each, count - at * each) }
      return (await start('miners-main.ts', task).next<{ miners: MinerAddress[] }>()).miners
    })
    const miners = (await Promise.all(starting)).flat()
    const validator = start('validator-main.ts', { seed })
    const { rss: idleRss } = await validator.next<{ rss: number }>()
    const order = (given: Order) => {
      validator.tell(given)
      return validator.next<Done>()
    }
    return { miners, idleRss, order, close }
  } catch (error) {
    await close()
    throw error
  }
}
