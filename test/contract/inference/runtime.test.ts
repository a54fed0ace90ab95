import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOwnRuntime } from '../../../shared/inference/model/own-runtime.ts'
import { below, seededRandom } from '../../../shared/inference/random.ts'
import type { Runtime, Sequence } from '../../../shared/inference/runtime.ts'
import { referenceLogits } from '../../unit/inference/reference-model.ts'
import { TINY, tinyWeights } from '../../unit/inference/tiny-model.ts'

const weights = tinyWeights(2)
const vocabulary = TINY.vocabularySize
let runtime: Runtime

beforeAll(async () => {
  runtime = await createOwnRuntime({ architecture: TINY, weights, threads: 1, maxBatch: 4, now: () => 0 })
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

const cut = (data: Float32Array, row: number, size: number) => data.subarray(row * size, (row + 1) * size)

test('reading computes what the plain model computes', async () => {
  const tokens = sequence(1, 24)
  const { logits } = await runtime.read([tokens], false)
  expect(largestGap(logits, referenceLogits(TINY, weights, tokens).flat())).toBeLessThan(2e-5)
})

test('sequences of one padded batch come out to the bit as they do alone', async () => {
  const sequences = [sequence(2, 9), sequence(3, 40), sequence(4, 1), sequence(5, 33)]
  const together = await runtime.read(sequences, false)
  for (const [index, tokens] of sequences.entries()) {
    const alone = await runtime.read([tokens], false)
    const start = index * together.padded * vocabulary
    const size = tokens.length * vocabulary
    expect(together.logits.subarray(start, start + size)).toEqual(alone.logits.subarray(0, size))
  }
})

test('rows are equal to the bit in every batch, place and capacity', async () => {
  // 33 and 65 are one above a block of attention, where a row would be alone in its block.
  for (const start of [1, 33, 65, 100]) {
    const tokens = sequence(20 + start, start)
    const alone = await rowsBeside(tokens, 0, [])
    expect(await rowsBeside(tokens, 0, [5])).toEqual(alone)
    expect(await rowsBeside(tokens, 2, [5, 7, 90])).toEqual(alone)
    // A neighbour beyond 128 positions doubles the capacity of every slot.
    expect(await rowsBeside(tokens, 1, [150, 4])).toEqual(alone)
  }
})

/** Logits of one sequence, after its prompt and after each of 8 steps, among others of the given lengths. */
async function rowsBeside(tokens: readonly number[], place: number, others: readonly number[]) {
  const prompts = others.map((length) => sequence(length, length))
  prompts.splice(place, 0, [...tokens])
  const open = prompts.map(() => runtime.open())
  const chunks = open.map((own, i) => ({ sequence: own, tokens: prompts[i]! }))
  const rows = [cut((await runtime.extend(chunks, false)).logits, place, vocabulary).slice()]
  for (let step = 0; step < 8; step++) {
    const fed = open.map((_, i) => (i === place ? step : 100 + i))
    rows.push(cut((await runtime.step(open, fed, false)).logits, place, vocabulary).slice())
  }
  for (const own of open) runtime.release(own)
  return rows
}

test('a prompt in chunks ends as the whole prompt does, whatever is read beside it', async () => {
  const tokens = sequence(9, 200)
  const whole = await runtime.read([tokens], true)
  const chunked = runtime.open()
  const others = [runtime.open(), runtime.open()]
  const parts = [tokens.slice(0, 70), tokens.slice(70, 71), tokens.slice(71)]
  for (const [i, part] of parts.entries()) {
    // A later chunk between two beginnings: its rows must find their places again.
    const beside = i === 1 ? others.map((other, n) => ({ sequence: other, tokens: sequence(n, 5 + n) })) : []
    const chunks = [...beside.slice(0, 1), { sequence: chunked, tokens: part }, ...beside.slice(1)]
    const { logits, hidden } = await runtime.extend(chunks, true)
    const at = i === 1 ? 1 : 0
    const row = chunked.length - 1
    expect(logits.length).toBe(chunks.length * vocabulary)
    expect(largestGap(cut(logits, at, vocabulary), cut(whole.logits, row, vocabulary))).toBeLessThan(2e-5)
    expect(largestGap(cut(hidden!, at, TINY.width), cut(whole.hidden!, row, TINY.width))).toBeLessThan(2e-5)
  }
  expect(chunked.length).toBe(200)
  for (const open of [chunked, ...others, runtime.open()]) runtime.release(open)
})

test('decoding token by token agrees with reading, also when capacity grows, slots move and calls change order', async () => {
  const sequences = [sequence(6, 200), sequence(7, 150), sequence(8, 171)]
  const starts = [100, 3, 101]
  const open = sequences.map(() => runtime.open())
  await runtime.extend(
    open.map((own, i) => ({ sequence: own, tokens: sequences[i]!.slice(0, starts[i]) })),
    false,
  )
  const whole: { logits: Float32Array; hidden: Float32Array | undefined }[] = []
  for (const tokens of sequences) whole.push(await runtime.read([tokens], true))

  let called = [0, 1, 2]
  let logitGap = 0
  let hiddenGap = 0
  for (let step = 0; step < 60; step++) {
    if (step === 20) called = [2, 0, 1]
    if (step === 40) {
      // The one in the first slot leaves, and another moves into it.
      runtime.release(open[0]!)
      called = [1, 2]
    }
    const own: Sequence[] = called.map((i) => open[i]!)
    const rows = own.map(({ length }) => length)
    const fed = called.map((i, place) => sequences[i]![rows[place]!]!)
    const { logits, hidden } = await runtime.step(own, fed, true)
    for (const [place, i] of called.entries()) {
      const truth = whole[i]!
      const row = rows[place]!
      logitGap = Math.max(
        logitGap,
        largestGap(cut(logits, place, vocabulary), cut(truth.logits, row, vocabulary)),
      )
      hiddenGap = Math.max(
        hiddenGap,
        largestGap(cut(hidden!, place, TINY.width), cut(truth.hidden!, row, TINY.width)),
      )
    }
  }
  expect(open.map(({ length }) => length)).toEqual([140, 63, 161])
  expect(logitGap).toBeLessThan(3e-5)
  expect(hiddenGap).toBeLessThan(3e-5)
  await expect(runtime.step([open[1]!], [1], false)).rejects.toThrow('every decoding sequence')
  for (const own of open.slice(1)) runtime.release(own)
})
