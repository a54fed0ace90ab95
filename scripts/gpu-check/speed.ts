import { below, seededRandom } from '../../shared/inference/random.ts'
import type { Runtime } from '../../shared/inference/runtime.ts'

/** Shaders are compiled, and pools of memory filled, in the first steps. */
const WARM_UP_STEPS = 4

export interface DecodeSpeed {
  readonly batch: number
  /** Median. */
  readonly stepMs: number
  readonly tokensPerSecond: number
  /** Tokens that a sequence held in the middle of the measurement. */
  readonly length: number
}

export interface SpeedOptions {
  readonly promptTokens: number
  readonly decodeSteps: number
  /** Milliseconds, monotonic. */
  readonly now: () => number
}

/** Decodes fixed tokens for a batch of sequences; logits come back to the host as they do when one samples. */
export async function measureDecode(
  runtime: Runtime,
  batch: number,
  { promptTokens, decodeSteps, now }: SpeedOptions,
): Promise<DecodeSpeed> {
  const draw = drawer(runtime)
  const sequences = Array.from({ length: batch }, () => runtime.open())
  await runtime.extend(
    sequences.map((sequence) => ({ sequence, tokens: draw(promptTokens) })),
    false,
  )
  const times: number[] = []
  for (let step = 0; step < WARM_UP_STEPS + decodeSteps; step++) {
    const tokens = draw(batch)
    const start = now()
    const { logits } = await runtime.step(sequences, tokens, false)
    times.push(now() - start)
    if (!logits.every(Number.isFinite)) throw new RangeError(`logits of step ${step} are not numbers`)
  }
  for (const sequence of sequences) runtime.release(sequence)
  const stepMs = median(times.slice(WARM_UP_STEPS))
  const length = promptTokens + WARM_UP_STEPS + Math.floor(decodeSteps / 2)
  return { batch, stepMs, tokensPerSecond: (1000 * batch) / stepMs, length }
}

/** Milliseconds to read one prompt, the faster of two after one that compiles. */
export async function measurePrefill(runtime: Runtime, tokens: number, now: () => number): Promise<number> {
  const prompt = drawer(runtime)(tokens)
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < 3; run++) {
    const sequence = runtime.open()
    const start = now()
    await runtime.extend([{ sequence, tokens: prompt }], false)
    if (run > 0) best = Math.min(best, now() - start)
    runtime.release(sequence)
  }
  return best
}

/** Largest difference of a logit between two runtimes of one model, over one read. */
export async function largestGap(a: Runtime, b: Runtime, tokens: number): Promise<number> {
  const prompt = drawer(a)(tokens)
  const [left, right] = [await a.read([prompt], false), await b.read([prompt], false)]
  return left.logits.reduce((gap, value, i) => Math.max(gap, Math.abs(value - right.logits[i]!)), 0)
}

function drawer(runtime: Runtime): (count: number) => number[] {
  const random = seededRandom(1)
  return (count) => Array.from({ length: count }, () => below(random, runtime.shape.vocabularySize))
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
