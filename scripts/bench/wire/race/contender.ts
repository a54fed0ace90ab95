import type { Ran } from './in-flight.ts'
import type { LineProcess } from './line-process.ts'
import { startOwnProcess } from './own-process.ts'
import type { Task } from './side.ts'

/** Somebody who carries the payload there and back, with a process on each side. */
export interface Contender {
  run(ms: number): Promise<Ran>
  close(): Promise<void>
}

/** Starts `NAME-server.ts` and `NAME-client.ts`, which stand beside this file. */
export function openOwn(name: string, task: Omit<Task, 'port'>): Promise<Contender> {
  const start = (side: string) => (given: unknown) =>
    startOwnProcess(new URL(`${name}-${side}.ts`, import.meta.url), given)
  return openContender(task, start('server'), start('client'))
}

export async function openContender(
  task: Omit<Task, 'port'>,
  startServer: (task: Task) => LineProcess,
  startClient: (task: Task) => LineProcess,
): Promise<Contender> {
  const processes: LineProcess[] = []
  const close = async () => {
    await Promise.all(processes.map((process) => process.close()))
  }
  try {
    const server = startServer({ ...task, port: 0 })
    processes.push(server)
    // Whatever else a server says of itself is for its client.
    const address = await server.next<{ port: number }>()
    const client = startClient({ ...task, ...address })
    processes.push(client)
    await client.next()
    const serverCpuMs = async () => {
      server.tell({})
      return (await server.next<{ cpuMs: number }>()).cpuMs
    }
    return {
      async run(ms) {
        const before = await serverCpuMs()
        client.tell({ ms })
        const ran = await client.next<Ran>()
        return { ...ran, cpuMs: ran.cpuMs + (await serverCpuMs()) - before }
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
