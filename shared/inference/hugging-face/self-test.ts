import type { Runtime, StepRows } from '../runtime.ts'

/** How far apart rows may lie that should be equal, as a share of the largest logit. */
const CONTINUES_WITHIN = 0.1
/** Two sequences in one run: honest rounding stays far below, a wrong mask or position far above. */
const SHARES_WITHIN = 2e-3

/** What a loaded graph turned out to do. */
export interface SelfTest {
  /** Tokens read after a past give what they give when all is read at once. */
  readonly continues: boolean
  /** Sequences of different length give the same rows in one run as alone. */
  readonly shares: boolean
}

/**
 * Feeds a graph a few tokens in several ways. Exporters differ in how masks, positions and padding meet in a graph, and a
 * graph that is fed in another way than it was made for gives plausible nonsense.
 *
 * @param alone a runtime on the graph that gives each sequence runs of its own
 * @param together one that lets sequences share runs
 */
export async function selfTest(alone: Runtime, together: Runtime): Promise<SelfTest> {
  const { vocabularySize } = alone.shape
  const sequences = [7, 4, 5].map((length, i) => someTokens(length, i, vocabularySize))
  const truth: Float32Array[] = []
  for (const tokens of sequences) truth.push((await alone.read([tokens], false)).logits)

  const continued = await decode(alone, sequences)
  const continues = continued.every(
    (rows, i) => gap(rows, lastRows(truth[i]!, vocabularySize)) < CONTINUES_WITHIN,
  )
  const shared = await decode(together, sequences)
  const isStepShared = shared.every((rows, i) => gap(rows, continued[i]!) < SHARES_WITHIN)
  const { padded, logits } = await together.read(sequences, false)
  const isReadShared = truth.every((rows, i) => {
    const start = i * padded * vocabularySize
    return gap(logits.subarray(start, start + rows.length), rows) < SHARES_WITHIN
  })
  return { continues, shares: isStepShared && isReadShared }
}

/** Longer than the kernels for short inputs take; some devices compute rightly only below that. */
const DEVICE_TEST_TOKENS = 48

/**
 * How far a device's rows lie from those of the CPU, as a share of the largest logit: a prompt read at once, and tokens
 * decoded after it. Infinite where the device gives no numbers.
 */
export async function deviceGap(device: Runtime, cpu: Runtime): Promise<number> {
  const tokens = someTokens(DEVICE_TEST_TOKENS, 0, cpu.shape.vocabularySize)
  const gaps: number[] = []
  const [read, truth] = [await device.read([tokens], false), await cpu.read([tokens], false)]
  gaps.push(gap(read.logits, truth.logits))
  const [decoded, expected] = [await decode(device, [tokens]), await decode(cpu, [tokens])]
  gaps.push(gap(decoded[0]!, expected[0]!))
  return Math.max(...gaps)
}

function someTokens(length: number, variant: number, vocabularySize: number): number[] {
  return Array.from({ length }, (_, i) => ((i + 1) * 7919 + variant * 104_729) % vocabularySize)
}

const STEPS = 3

/** Reads all but three tokens of each sequence, in two chunks where there are enough, then those one by one. */
async function decode(runtime: Runtime, sequences: readonly (readonly number[])[]): Promise<Float32Array[]> {
  const { vocabularySize } = runtime.shape
  const held = sequences.map(() => runtime.open())
  const rows: StepRows[] = []
  for (const part of [0, 1]) {
    const chunks = sequences.map((tokens, i) => {
      const read = tokens.slice(0, -STEPS)
      const middle = Math.floor(read.length / 2)
      return { sequence: held[i]!, tokens: part === 0 ? read.slice(0, middle) : read.slice(middle) }
    })
    await runtime.extend(
      chunks.filter(({ tokens }) => tokens.length > 0),
      false,
    )
  }
  for (let step = STEPS; step > 0; step--)
    rows.push(
      await runtime.step(
        held,
        sequences.map((tokens) => tokens.at(-step)!),
        false,
      ),
    )
  for (const sequence of held) runtime.release(sequence)
  return sequences.map((_, i) => {
    const own = rows.map(({ logits }) => logits.slice(i * vocabularySize, (i + 1) * vocabularySize))
    return Float32Array.from(own.flatMap((row) => [...row]))
  })
}

function lastRows(logits: Float32Array, vocabularySize: number): Float32Array {
  return logits.subarray(-STEPS * vocabularySize)
}

/** The largest difference over the largest value; infinite where either is not a number. */
function gap(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY
  let most = 0
  let scale = 0
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!)
    if (Number.isNaN(difference)) return Number.POSITIVE_INFINITY
    most = Math.max(most, difference)
    scale = Math.max(scale, Math.abs(b[i]!))
  }
  return most === 0 ? 0 : most / scale
}
