import { setTimeout as pause } from 'node:timers/promises'
import type { Engine, EngineStats } from '../../../shared/inference/engine.ts'
import type { Random } from '../../../shared/inference/random.ts'
import { StarlingError } from '../../../shared/process/errors.ts'
import { drawRequest } from './requests.ts'

/**
 * When the engine is asked how far it is, in shares of the time that a group of answers takes: after the prompts, and before
 * the first answer ends. The less often the better, as an answer wakes this process on a core that the engine needs.
 */
const LOOKS = [0.25, 0.6, 0.9]
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
  readonly random: Random
  readonly now: () => number
}

type MeasuredEngine = Pick<Engine, 'generate' | 'stats'>

/**
 * Windows for each batch size, taken in turns so that all meet the same machine; the first of each does not count.
 * Throws BENCH_WINDOW when none of them can be seen.
 */
export async function decodeWindows(
  engine: MeasuredEngine,
  batches: readonly number[],
  options: DecodeOptions,
): Promise<Map<number, DecodeWindow[]>> {
  const { leastMs, leastWindows } = options
  const windows = new Map<number, DecodeWindow[]>(batches.map((batch) => [batch, []]))
  const usualMs = new Map<number, number>()
  for (const batch of batches) usualMs.set(batch, (await decodeGroup(engine, batch, [], options)).ms)
  const lacking = () =>
    batches.filter((batch) => {
      const done = windows.get(batch)!
      return done.length < leastWindows || done.reduce((sum, { ms }) => sum + ms, 0) < leastMs
    })
  let empty = 0
  for (let left = lacking(); left.length > 0; left = lacking()) {
    for (const batch of left) {
      const usual = usualMs.get(batch)!
      const group = await decodeGroup(
        engine,
        batch,
        LOOKS.map((share) => share * usual),
        options,
      )
      usualMs.set(batch, Math.min(usual, group.ms))
      const window = steadyWindow(group.looks, batch)
      if (window.steps > 0) windows.get(batch)!.push(window)
      empty = window.steps > 0 ? 0 : empty + 1
      if (empty > MOST_EMPTY) {
        throw new StarlingError(
          'BENCH_WINDOW',
          `no time was seen in which ${batch} answers were written at once`,
          'leave the machine to the benchmark',
        )
      }
    }
  }
  return windows
}

/** Starts `batch` answers at once, and looks at the engine at the given milliseconds from then. */
async function decodeGroup(
  engine: MeasuredEngine,
  batch: number,
  looksAt: readonly number[],
  { random, now }: DecodeOptions,
): Promise<{ readonly ms: number; readonly looks: readonly Look[] }> {
  const looks: Look[] = []
  const requests = Array.from({ length: batch }, () => drawRequest(random))
  const began = now()
  const answers = Promise.all(requests.map((request) => engine.generate(request)))
  // A failure is thrown where they are awaited.
  answers.catch(() => {})
  for (const at of looksAt) {
    await Promise.race([pause(began + at - now()), answers])
    looks.push({ ...(await engine.stats()), atMs: now() })
  }
  await answers
  return { ms: now() - began, looks }
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
