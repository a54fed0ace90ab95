import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StarlingError } from '../../../../shared/process/errors.ts'
import { typescriptLoader } from '../../../../shared/process/typescript-loader.ts'
import type { Bar } from '../../suite.ts'
import type { SwarmPart } from '../part.ts'
import type {
  Connected,
  MinerAddress,
  MinersTask,
  RoundMeasured,
  ThroughputMessage,
  ValidatorTask,
} from './messages.ts'

const MINERS = 256
const MINER_PROCESSES = 2
/** The first one also compiles; the median of all counts. */
const ROUNDS = 3
/** Seconds of one validator core for a round's messages. */
const BAR = 10

/**
 * Rounds of a real subnet's size: 256 miners behind sockets of their own, all asked in each round, every message made, signed and
 * checked by the product's code. Inference alone is canned, on both sides. What counts is the CPU time of the validator's process.
 */
export const measureThroughput: SwarmPart = async ({ quick, seed, modelsFolder, report }) => {
  const count = quick ? 32 : MINERS
  const rounds = quick ? 1 : ROUNDS
  const modelFolder = join(modelsFolder, 'small')
  const folder = await mkdtemp(join(tmpdir(), 'starling-round256-'))
  const children: ChildProcess[] = []
  try {
    const each = count / MINER_PROCESSES
    const starting = Array.from({ length: MINER_PROCESSES }, (_, at) => {
      const child = startChild('miners-main.ts', { seed, from: at * each, count: each, modelFolder, folder })
      children.push(child)
      return readyMiners(child)
    })
    const miners = (await Promise.all(starting)).flat()
    const validator = startChild('validator-main.ts', {
      seed,
      modelsFolder,
      modelFolder,
      folder,
      miners,
      rounds,
    })
    children.push(validator)
    const measured = await listen(validator, (done) => report(`rounds of ${count} miners`, done, rounds + 1))
    const wrong = measured.rounds.find(({ answers, accepted }) => accepted < answers)
    if (wrong !== undefined)
      throw new StarlingError('BENCH_ROUND', `${wrong.accepted} of ${wrong.answers} answers were accepted`)
    return {
      facts: { miners: count, rounds: measured.rounds.map(countsOf) },
      bars: [barOf(measured.rounds, count)],
      timings: measured,
    }
  } finally {
    for (const child of children) child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
}

function startChild(file: string, task: MinersTask | ValidatorTask): ChildProcess {
  const entry = new URL(file, import.meta.url)
  return fork(entry, [JSON.stringify(task)], {
    execArgv: typescriptLoader(entry),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}

async function readyMiners(child: ChildProcess): Promise<readonly MinerAddress[]> {
  const ready = new Promise<readonly MinerAddress[]>((resolve) => {
    child.on('message', (message: ThroughputMessage) => {
      if (message.type === 'ready') resolve(message.miners)
    })
  })
  return Promise.race([ready, endOf(child)])
}

interface Measured {
  readonly connected: Connected | undefined
  readonly rounds: readonly RoundMeasured[]
  /** Seconds of the main thread in one more round. */
  readonly profile: Readonly<Record<string, number>>
}

async function listen(child: ChildProcess, onRound: (done: number) => void): Promise<Measured> {
  const rounds: RoundMeasured[] = []
  let connected: Connected | undefined
  const measured = new Promise<Measured>((resolve) => {
    child.on('message', (message: ThroughputMessage) => {
      if (message.type === 'connected') connected = message
      if (message.type === 'round') onRound(rounds.push(message))
      if (message.type === 'profiled') resolve({ connected, rounds, profile: message.seconds })
    })
  })
  return Promise.race([measured, endOf(child)])
}

async function endOf(child: ChildProcess): Promise<never> {
  const [code, signal] = await once(child, 'exit')
  throw new StarlingError(
    'BENCH_PROCESS_ENDED',
    `a process of the round ended by itself with ${code ?? signal}`,
  )
}

function countsOf({ challenges, answers, accepted, asked, completed }: RoundMeasured) {
  return { challenges, answers, accepted, asked, completed }
}

function barOf(rounds: readonly RoundMeasured[], miners: number): Bar {
  const seconds = rounds.map(({ cpuSeconds }) => cpuSeconds).sort((a, b) => a - b)
  const { answers, completed } = rounds.at(-1)!
  const work = `${answers} answers and ${completed} judged fields`
  return {
    name: 'round256',
    value: seconds[Math.floor(seconds.length / 2)]!,
    unit: 's',
    floor: BAR,
    note: `CPU time of the validator's process, ${work}, median of ${rounds.length}${miners === MINERS ? '' : `; ${miners} miners only`}`,
  }
}
