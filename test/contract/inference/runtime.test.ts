import { afterAll, beforeAll, expect, test } from 'vitest'
import { KvCache } from '../../../shared/inference/engine/kv-cache.ts'
import { createRuntime, type Runtime } from '../../../shared/inference/engine/runtime.ts'
import { below, seededRandom } from '../../../shared/inference/random.ts'
import { referenceLogits } from '../../unit/inference/reference-model.ts'
import { TINY, tinyWeights } from '../../unit/inference/tiny-model.ts'

const weights = tinyWeights(2)
const vocabulary = TINY.vocabularySize
let runtime: Runtime

beforeAll(async () => {
  runtime = await createRuntime(TINY, weights, 1)
})
afterAll(() => runtime.close())

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

const plain = { hidden: false, cache: false }

test('prefill computes what the plain model computes', async () => {
  const tokens = sequence(1, 24)
  const { logits } = await runtime.prefill([tokens], plain)
  expect(largestGap(logits, referenceLogits(TINY, weights, tokens).flat())).toBeLessThan(2e-5)
})

test('sequences of one padded batch come out as they do alone', async () => {
  const sequences = [sequence(2, 9), sequence(3, 40), sequence(4, 1), sequence(5, 23)]
  const together = await runtime.prefill(sequences, plain)
  for (const [index, tokens] of sequences.entries()) {
    const alone = await runtime.prefill([tokens], plain)
    const start = index * together.padded * vocabulary
    const rows = together.logits.subarray(start, start + tokens.length * vocabulary)
    expect(largestGap(rows, alone.logits)).toBeLessThan(1e-5)
  }
})

test('decoding token by token agrees with one prefill, also when capacity grows and slots move', async () => {
  const sequences = [sequence(6, 200), sequence(7, 150), sequence(8, 171)]
  const starts = [100, 3, 101]
  const batch = await runtime.prefill(
    sequences.map((tokens, i) => tokens.slice(0, starts[i])),
    { hidden: false, cache: true },
  )
  const cache = new KvCache(TINY, 3)
  for (const [i, start] of starts.entries()) cache.admit(batch.present, i, batch.padded, start)
  const whole: { logits: Float32Array; hidden: Float32Array | undefined }[] = []
  for (const tokens of sequences) whole.push(await runtime.prefill([tokens], { hidden: true, cache: false }))

  let slots = [0, 1, 2]
  let logitGap = 0
  let hiddenGap = 0
  for (let step = 0; step < 60; step++) {
    if (step === 40) {
      // Sequence 0 leaves; the last one moves into its slot.
      cache.remove(0)
      slots = [2, 1]
    }
    const fed = slots.map((i, slot) => sequences[i]![cache.length(slot)]!)
    const rows = slots.map((_, slot) => cache.length(slot))
    const { logits, hidden } = await runtime.decode(cache, fed, true)
    for (const [slot, i] of slots.entries()) {
      const cut = (data: Float32Array, row: number, size: number) =>
        data.subarray(row * size, (row + 1) * size)
      const truth = whole[i]!
      logitGap = Math.max(
        logitGap,
        largestGap(cut(logits, slot, vocabulary), cut(truth.logits, rows[slot]!, vocabulary)),
      )
      hiddenGap = Math.max(
        hiddenGap,
        largestGap(cut(hidden!, slot, TINY.width), cut(truth.hidden!, rows[slot]!, TINY.width)),
      )
    }
  }
  expect(cache.capacity).toBe(256)
  expect(logitGap).toBeLessThan(3e-5)
  expect(hiddenGap).toBeLessThan(3e-5)
})
