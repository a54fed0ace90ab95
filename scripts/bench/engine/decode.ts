import { setTimeout as pause } from 'node:timers/promises'
import type { Engine, EngineStats } from '../../../shared/inference/engine.ts'
import type { Random } from '../../../shared/inference/random.ts'
import { StarlingError } from '../../../shared/process/errors.ts'
import { drawRequest, NEW_TOKENS, PROMPT_TOKENS } from './requests.ts'

/** Rare enough to cost next to nothing, often enough to lose little at the ends of a window. */
const LOOK_MS = 10
/** Windows in a row that may turn out empty before something must be wrong. */
const MOST_EMPTY = 20

/** What the engine had done at some moment. */
export type Look = Pick<EngineStats, 'steps' | 'decodedTokens' | 'prefilledTokens' | 'runMs' | 'stepMs'> & {
  readonly atMs: number
}

/** A time in which every step decoded the same number of answers and no prompt was read. */
export interface DecodeWindow {
  readonly batch: number
  readonly ms: number
  readonly steps: number
  readonly tokens: number
  /** Within native calls, and within steps altogether. */
  readonly runMs: number
  readonly stepMs: number
}

export interface DecodeOptions {
  /** Milliseconds of windows for each batch size, at least. */
  readonly leastMs: number
  readonly leastWindows: number
  /** Tokens of each answer; 200 unless told. */
  readonly newTokens?: number
  readonly random: Random
  readonly now: () => number
}

type MeasuredEngine = Pick<Engine, 'generate' | 'stats'>

/**
 * Windows for each batch size, taken in turns so that all meet the same machine; the first of each does not count.
 * Throws BENCH_WINDOW when answers end before they can be measured.
 */
export async function decodeWindows(
  engine: MeasuredEngine,
  batches: readonly number[],
  options: DecodeOptions,
): Promise<Map<number, DecodeWindow[]>> {
  const { leastMs, leastWindows } = options
  const windows = new Map<number, DecodeWindow[]>(batches.map((batch) => [batch, []]))
  for (const batch of batches) await decodeWindow(engine, batch, options)
  const lacking = () =>
    batches.filter((batch) => {
      const done = windows.get(batch)!
      return done.length < leastWindows || done.reduce((sum, { ms }) => sum + ms, 0) < leastMs
    })
  let empty = 0
  for (let left = lacking(); left.length > 0; left = lacking()) {
    for (const batch of left) {
      const window = await decodeWindow(engine, batch, options)
      if (window.steps > 0) windows.get(batch)!.push(window)
      empty = window.steps > 0 ? 0 : empty + 1
      if (empty > MOST_EMPTY) {
        throw new StarlingError(
          'BENCH_WINDOW',
          `${batch} answers were over before ${LOOK_MS} ms`,
          'ask for longer ones',
        )
      }
    }
  }
  return windows
}

/** Starts `batch` answers at once and measures from when all prompts are read until the first answer ends. */
async function decodeWindow(
  engine: MeasuredEngine,
  batch: number,
  { random, now, newTokens = NEW_TOKENS }: DecodeOptions,
): Promise<DecodeWindow> {
  const looks: Look[] = []
  let isOver = false
  const answers = Promise.all(
    Array.from({ length: batch }, () => engine.generate(drawRequest(random, PROMPT_TOKENS, newTokens))),
  ).finally(() => {
    isOver = true
  })
  // Whatever fails is thrown below.
  answers.catch(() => {})
  while (!isOver) {
    const stats = await engine.stats()
    looks.push({ ...stats, atMs: now() })
    await Promise.race([pause(LOOK_MS), answers])
  }
  await answers
  return steadyWindow(looks, batch)
}

/** The longest stretch of `looks` in which prompts were read no more and every step decoded `batch` tokens. */
export function steadyWindow(looks: readonly Look[], batch: number): DecodeWindow {
  const read = looks.at(-1)?.prefilledTokens
  let best: DecodeWindow = { batch, ms: 0, steps: 0, tokens: 0, runMs: 0, stepMs: 0 }
  for (const [index, first] of looks.entries()) {
    if (first.prefilledTokens !== read) continue
    for (const last of looks.slice(index + 1)) {
      const steps = last.steps - first.steps
      const tokens = last.decodedTokens - first.decodedTokens
      if (tokens !== steps * batch || steps <= best.steps) continue
      best = {
        batch,
        ms: last.atMs - first.atMs,
        steps,
        tokens,
        runMs: last.runMs - first.runMs,
        stepMs: last.stepMs - first.stepMs,
      }
    }
  }
  return best
}
