import { seededRandom } from '../../../../shared/inference/random.ts'
import { drawPrompt, NEW_TOKENS, PROMPT_TOKENS } from '../requests.ts'
import { type Job, type Mode, REQUESTS, type Runner } from '../side-by-side.ts'
import type { Driver } from './driver-process.ts'

/** Another implementation on the same weights. */
export interface Peer extends Runner {
  /** The modes that it has, and how fast each of its ways was when it was opened, the fastest first: that one is taken. */
  readonly trials: ReadonlyMap<Mode, readonly Trial[]>
  /** Its most likely answers of up to `maxTokens` tokens, which may go on after EOS. */
  greedy(prompts: readonly (readonly number[])[], maxTokens: number): Promise<number[][]>
  close(): Promise<void>
}

export interface Trial {
  readonly way: string
  readonly tokensPerSecond: number
}

/** What a driver's `run` gives. */
export interface DriverRun {
  readonly ms: number
  readonly answers: number[][]
}

/** How a peer can be asked for the same thing. */
export interface Ways {
  readonly modes: Readonly<Partial<Record<Mode, readonly string[]>>>
  /** The one whose arithmetic is nearest to ours. */
  readonly greedy: string
}

export interface JobOptions {
  readonly temperature: number
  /** Runs of each way, to find the fastest; the first of them only warms it up. Less than 2 takes the first way. */
  readonly trials: number
}

/** A peer behind a loaded driver. */
export async function drivenPeer(
  driver: Driver,
  ways: Ways,
  { temperature, trials }: JobOptions,
  close: () => Promise<void>,
): Promise<Peer> {
  const random = seededRandom(1)
  const job = async (strategy: string, mode: Mode): Promise<Job> => {
    const prompts = Array.from({ length: REQUESTS[mode] }, () => drawPrompt(random, PROMPT_TOKENS))
    const params = { prompts, maxTokens: NEW_TOKENS, temperature, exact: true, strategy }
    const { ms, answers } = await driver.call<DriverRun>('run', params)
    return { ms, tokens: answers.reduce((sum, answer) => sum + answer.length, 0) }
  }
  const tried = new Map<Mode, Trial[]>()
  for (const [mode, its] of Object.entries(ways.modes) as [Mode, readonly string[]][]) {
    tried.set(mode, await tryWays(its, trials, (way) => job(way, mode)))
  }
  return {
    trials: tried,
    run: (mode) => job(tried.get(mode)?.[0]?.way ?? ways.modes[mode]![0]!, mode),
    async greedy(prompts, maxTokens) {
      const params = { prompts, maxTokens, temperature: 0, exact: false, strategy: ways.greedy }
      return (await driver.call<DriverRun>('run', params)).answers
    },
    close,
  }
}

/** Runs each way in turns and returns their best speeds, the fastest first. */
export async function tryWays(
  ways: readonly string[],
  trials: number,
  run: (way: string) => Promise<Job>,
): Promise<Trial[]> {
  const speeds = new Map<string, number>()
  for (let trial = 0; trial < trials; trial++) {
    for (const way of ways) {
      const { tokens, ms } = await run(way)
      if (trial > 0) speeds.set(way, Math.max(speeds.get(way) ?? 0, (tokens / ms) * 1_000))
    }
  }
  return Array.from(speeds, ([way, tokensPerSecond]) => ({ way, tokensPerSecond })).sort(
    (a, b) => b.tokensPerSecond - a.tokensPerSecond,
  )
}
