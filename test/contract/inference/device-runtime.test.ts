import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDeviceRuntime } from '../../../shared/inference/device/device-runtime.ts'
import { createScheduler } from '../../../shared/inference/engine/scheduler.ts'
import { createOwnRuntime } from '../../../shared/inference/model/own-runtime.ts'
import { below, seededRandom } from '../../../shared/inference/random.ts'
import type { Runtime, Sequence } from '../../../shared/inference/runtime.ts'
import { EOS } from '../../../shared/inference/tokenizer.ts'
import { referenceLogits } from '../../unit/inference/reference-model.ts'
import { TINY, tinyWeights } from '../../unit/inference/tiny-model.ts'

// The graph and the code path of every device, on the one that is always there.
const weights = tinyWeights(2)
let clock = 0
const now = () => clock++
const vocabulary = TINY.vocabularySize
let runtime: Runtime

beforeAll(async () => {
  runtime = await openDeviceRuntime(TINY, weights, { provider: 'cpu', threads: 1, maxBatch: 4, now })
})
afterAll(() => runtime.close())

const random = seededRandom(5)
const sequenceOf = (length: number) => Array.from({ length }, () => below(random, vocabulary))
const row = (data: Float32Array, index: number, size: number) => data.slice(index * size, (index + 1) * size)

function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  let gap = 0
  for (let i = 0; i < a.length; i++) gap = Math.max(gap, Math.abs(a[i]! - b[i]!))
  return gap
}

test('reads what the plain model computes, alone and right-padded', async () => {
  const sequences = [sequenceOf(24), sequenceOf(1), sequenceOf(9)]
  const { padded, logits, hidden } = await runtime.read(sequences, true)
  expect(padded).toBe(24)
  expect(hidden?.length).toBe(3 * 24 * TINY.width)
  for (const [i, tokens] of sequences.entries()) {
    const start = i * padded * vocabulary
    const rows = logits.subarray(start, start + tokens.length * vocabulary)
    expect(largestGap(rows, referenceLogits(TINY, weights, tokens).flat())).toBeLessThan(2e-5)
  }
  const before = runtime.runMs?.()
  expect((await runtime.read([[1, 2]], false)).hidden).toBeUndefined()
  expect(runtime.runMs?.()).toBe(before! + 1)
})

/** Sequences that come, are read in chunks, decode together in any order, and go; each row against one whole read. */
test('a random life of many sequences agrees with reading each at once', async () => {
  interface Life {
    readonly sequence: Sequence
    readonly tokens: readonly number[]
    /** How much of the tokens is read in chunks, before decoding. */
    readonly prompt: number
    readonly truth: Float32Array
    readonly hidden: Float32Array
  }
  let decoding: Life[] = []
  let reading: Life[] = []
  let logitGap = 0
  let hiddenGap = 0
  let rows = 0
  const compare = (
    lives: readonly Life[],
    got: { logits: Float32Array; hidden: Float32Array | undefined },
  ) => {
    for (const [i, { sequence, truth, hidden }] of lives.entries()) {
      const at = sequence.length - 1
      logitGap = Math.max(logitGap, largestGap(row(got.logits, i, vocabulary), row(truth, at, vocabulary)))
      hiddenGap = Math.max(
        hiddenGap,
        largestGap(row(got.hidden!, i, TINY.width), row(hidden, at, TINY.width)),
      )
      rows += 1
    }
  }
  for (let turn = 0; turn < 80; turn++) {
    while (decoding.length + reading.length < 4 && below(random, 3) > 0) {
      const tokens = sequenceOf(2 + below(random, 60))
      const { logits, hidden } = await runtime.read([tokens], true)
      const prompt = 1 + below(random, tokens.length - 1)
      reading.push({ sequence: runtime.open(), tokens, prompt, truth: logits, hidden: hidden! })
    }
    const chosen = reading.filter(() => below(random, 2) === 0)
    if (chosen.length > 0) {
      const chunks = chosen.map(({ sequence, tokens, prompt }) => {
        const end = Math.min(prompt, sequence.length + 1 + below(random, 30))
        return { sequence, tokens: tokens.slice(sequence.length, end) }
      })
      compare(chosen, await runtime.extend(chunks, true))
      decoding.push(...chosen.filter(({ sequence, prompt }) => sequence.length === prompt))
      reading = reading.filter(({ sequence, prompt }) => sequence.length < prompt)
    }
    if (below(random, 2) === 0) decoding.reverse()
    if (decoding.length > 0) {
      const sequences = decoding.map(({ sequence }) => sequence)
      const tokens = decoding.map(({ sequence, tokens }) => tokens[sequence.length]!)
      compare(decoding, await runtime.step(sequences, tokens, true))
    }
    const ended = decoding.filter(
      ({ sequence, tokens }) => sequence.length === tokens.length || below(random, 40) === 0,
    )
    for (const { sequence } of ended) runtime.release(sequence)
    decoding = decoding.filter((life) => !ended.includes(life))
  }
  for (const { sequence } of [...decoding, ...reading]) runtime.release(sequence)
  expect(rows).toBeGreaterThan(150)
  expect(logitGap).toBeLessThan(3e-5)
  expect(hiddenGap).toBeLessThan(3e-5)
})

test('the scheduler writes the same answers on it as on the CPU’s own graphs', async () => {
  const own = await createOwnRuntime({ architecture: TINY, weights, threads: 1, maxBatch: 4, now })
  const sampling = { temperature: 1, topK: 0, topP: 1 }
  const requests = Array.from({ length: 12 }, (_, i) => ({
    promptTokens: sequenceOf(1 + below(random, 60)),
    maxTokens: 1 + below(random, 60),
    sampling,
    seed: new Uint8Array(32).fill(i),
  }))
  const answers = async (runtime: Runtime) => {
    const scheduler = createScheduler({ runtime, stopTokens: [EOS], maxQueue: 64, now })
    return Promise.all(requests.map((request) => scheduler.generate(request)))
  }
  const expected = await answers(own)
  expect(expected.flatMap(({ tokens }) => tokens).length).toBeGreaterThan(100)
  expect(await answers(runtime)).toEqual(expected)
  await own.close()
})
