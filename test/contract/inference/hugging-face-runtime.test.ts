import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHuggingFaceRuntime } from '../../../shared/inference/hugging-face/create-runtime.ts'
import { openHuggingFaceFolder } from '../../../shared/inference/hugging-face/open-folder.ts'
import { below, seededRandom } from '../../../shared/inference/random.ts'
import type { ReadBatch, Runtime } from '../../../shared/inference/runtime.ts'
import { exportedFolder } from '../../support/inference/exported-folder.ts'
import { referenceLogits } from '../../unit/inference/reference-model.ts'
import { TINY, tinyWeights } from '../../unit/inference/tiny-model.ts'

const vocabulary = TINY.vocabularySize

function sequence(seed: number, length: number): number[] {
  const random = seededRandom(seed)
  return Array.from({ length }, () => below(random, vocabulary))
}

function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  let gap = 0
  for (let i = 0; i < a.length; i++) gap = Math.max(gap, Math.abs(a[i]! - b[i]!))
  return gap
}

async function open(folder: string, isDynamic = false): Promise<Runtime> {
  const { source } = await openHuggingFaceFolder(folder, 'cpu')
  return createHuggingFaceRuntime({
    source: { ...source, isDynamic },
    provider: 'cpu',
    threads: 1,
    dedicated: false,
    maxBatch: 4,
    now: () => performance.now(),
  })
}

/** Row `index` of a read, as long as its sequence. */
function ownLogits({ logits, padded }: ReadBatch, index: number, length: number): Float32Array {
  return logits.subarray(index * padded * vocabulary, (index * padded + length) * vocabulary)
}

describe.each([
  ['optimum', 'fp32', 2e-5, 'together'],
  ['genai', 'fp32', 2e-5, 'together'],
  ['optimum', 'fp32', 2e-5, 'alone'],
  // Half precision has three digits, of logits near 10.
  ['optimum', 'fp16', 0.05, 'together'],
  ['genai', 'fp16', 0.05, 'together'],
] as const)(
  'an exported folder in the layout of %s, %s (within %s), run %s',
  (layout, dtype, tolerance, how) => {
    let runtime: Runtime
    beforeAll(async () => {
      runtime = await open(await exportedFolder(layout, dtype), how === 'alone')
    })
    afterAll(() => runtime?.close())

    test('computes what the plain model computes', async () => {
      const tokens = sequence(1, 24)
      const { logits } = await runtime.read([tokens], false)
      const truth = referenceLogits(TINY, tinyWeights(2), tokens).flat()
      expect(largestGap(logits, truth)).toBeLessThan(tolerance)
    })

    test('reads sequences of different length together as alone', async () => {
      const sequences = [sequence(2, 9), sequence(3, 40), sequence(4, 1)]
      const together = await runtime.read(sequences, true)
      for (const [index, tokens] of sequences.entries()) {
        const alone = await runtime.read([tokens], true)
        expect(largestGap(ownLogits(together, index, tokens.length), alone.logits)).toBeLessThan(tolerance)
      }
      expect(together.hidden?.length).toBe(3 * together.padded * runtime.shape.width)
    })

    test('continues from chunks, and decodes together while others come and go', async () => {
      const sequences = [sequence(6, 60), sequence(7, 50), sequence(8, 45)]
      const truth: ReadBatch[] = []
      for (const tokens of sequences) truth.push(await runtime.read([tokens], true))
      const held = sequences.map(() => runtime.open())
      const { width } = runtime.shape
      const check = (i: number, logits: Float32Array, hidden: Float32Array) => {
        const row = held[i]!.length - 1
        const cut = (data: Float32Array, size: number) => data.subarray(row * size, (row + 1) * size)
        expect(largestGap(logits, cut(truth[i]!.logits, vocabulary))).toBeLessThan(tolerance)
        expect(largestGap(hidden, cut(truth[i]!.hidden!, width))).toBeLessThan(tolerance)
      }
      const extend = async (indices: readonly number[], lengths: readonly number[]) => {
        const chunks = indices.map((i, at) => {
          const from = held[i]!.length
          return { sequence: held[i]!, tokens: sequences[i]!.slice(from, from + lengths[at]!) }
        })
        const rows = await runtime.extend(chunks, true)
        for (const [at, i] of indices.entries())
          check(
            i,
            rows.logits.subarray(at * vocabulary, (at + 1) * vocabulary),
            rows.hidden!.subarray(at * width, (at + 1) * width),
          )
      }
      const step = async (...indices: number[]) => {
        const fed = indices.map((i) => sequences[i]![held[i]!.length]!)
        const rows = await runtime.step(
          indices.map((i) => held[i]!),
          fed,
          true,
        )
        for (const [at, i] of indices.entries())
          check(
            i,
            rows.logits.subarray(at * vocabulary, (at + 1) * vocabulary),
            rows.hidden!.subarray(at * width, (at + 1) * width),
          )
      }

      await extend([0, 1], [17, 3])
      await extend([0, 1], [13, 20])
      for (let i = 0; i < 4; i++) await step(0, 1)
      await extend([2], [31])
      await step(0, 1, 2)
      await step(2, 0, 1)
      runtime.release(held[0]!)
      for (let i = 0; i < 4; i++) await step(1, 2)
      runtime.release(held[2]!)
      await step(1)
      expect(held[1]!.length).toBe(23 + 4 + 2 + 4 + 1)
    })
  },
)

test('the tapped hidden state is what the output matrix is multiplied with', async () => {
  const runtime = await open(await exportedFolder('genai'))
  const tokens = sequence(9, 12)
  const { logits, hidden } = await runtime.read([tokens], true)
  const embedding = tinyWeights(2).get('embedding')!
  const { width } = runtime.shape
  expect(width).toBe(TINY.width)
  const products = Array.from({ length: tokens.length * vocabulary }, (_, i) => {
    const [row, token] = [Math.floor(i / vocabulary), i % vocabulary]
    let sum = 0
    for (let j = 0; j < width; j++) sum += hidden![row * width + j]! * embedding[token * width + j]!
    return sum
  })
  expect(largestGap(logits, products)).toBeLessThan(2e-5)
  await runtime.close()
})
