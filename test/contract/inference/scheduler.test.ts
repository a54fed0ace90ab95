import { afterAll, describe, expect, test } from 'vitest'
import { createScheduler, type Scheduler } from '../../../shared/inference/engine/scheduler.ts'
import type { GenerateRequest } from '../../../shared/inference/engine.ts'
import { createOwnRuntime } from '../../../shared/inference/model/own-runtime.ts'
import type { Weights } from '../../../shared/inference/model/weights.ts'
import { projectRow } from '../../../shared/inference/projection.ts'
import { below, seededRandom } from '../../../shared/inference/random.ts'
import type { Runtime } from '../../../shared/inference/runtime.ts'
import { EOS, encodeText } from '../../../shared/inference/tokenizer.ts'
import { hasCode } from '../../../shared/process/errors.ts'
import { referenceLogits } from '../../unit/inference/reference-model.ts'
import { TINY, tinyWeights } from '../../unit/inference/tiny-model.ts'

const now = () => performance.now()
const open: Runtime[] = []
afterAll(async () => {
  for (const runtime of open) await runtime.close()
})

const sampling = { temperature: 1, topK: 0, topP: 1 }
async function scheduler(maxBatch: number, weights: Weights = tinyWeights(3)): Promise<Scheduler> {
  const runtime = await createOwnRuntime({ architecture: TINY, weights, threads: 1, maxBatch, now })
  open.push(runtime)
  return createScheduler({ runtime, stopTokens: [EOS], maxQueue: 64, now })
}

/** Requests of different lengths, prompts and seeds. */
function requests(count: number): GenerateRequest[] {
  const random = seededRandom(17)
  return Array.from({ length: count }, (_, i) => ({
    promptTokens: Array.from({ length: 1 + below(random, 60) }, () => below(random, 256)),
    maxTokens: 1 + below(random, 90),
    sampling,
    seed: new Uint8Array(32).fill(i),
  }))
}

describe('continuous batching', () => {
  test('gives every answer the tokens that it has alone', async () => {
    const list = requests(24)
    const alone = []
    const one = await scheduler(1)
    for (const request of list) alone.push(await one.generate(request))
    const eight = await scheduler(8)
    expect(await Promise.all(list.map((request) => eight.generate(request)))).toEqual(alone)
    const three = await scheduler(3)
    expect(await Promise.all(list.map((request) => three.generate(request)))).toEqual(alone)
  })

  test('honest answers replay with margins near zero beside running ones, and other seeds do not', async () => {
    const list = requests(12)
    const shared = await scheduler(4)
    const margins: number[] = []
    const strangers: number[] = []
    await Promise.all(
      list.map(async (request) => {
        const { tokens } = await shared.generate(request)
        const replay = { ...request, tokens, tolerance: 1e-4 }
        const own = await shared.replay(replay)
        margins.push(...own.margins)
        expect(own.surprise).toBeCloseTo(-own.logProbs.reduce((a, b) => a + b), 9)
        expect((await shared.score(replay)).logProb).toBeCloseTo(-own.surprise, 6)
        const other = await shared.replay({ ...replay, seed: new Uint8Array(32).fill(200) })
        if (own.surprise > 10) strangers.push(Math.max(...other.margins))
      }),
    )
    expect(Math.max(...margins)).toBeLessThanOrEqual(1e-4)
    expect(strangers.length).toBeGreaterThan(5)
    expect(Math.min(...strangers)).toBeGreaterThan(1e-3)
  })
})

describe('an answer', () => {
  const promptTokens = encodeText('Tell of a red fox.')
  const seed = new Uint8Array(32).fill(1)

  test('ends with EOS where that is sampled, and says why it ended', async () => {
    // A prompt after which greedy decoding finds EOS: only a strong pull towards it makes an untrained model stop.
    const weights = new Map(tinyWeights(3))
    const embedding = weights.get('embedding')!.slice()
    embedding.fill(0, EOS * TINY.width, (EOS + 1) * TINY.width)
    weights.set('embedding', embedding)
    const finalNorm = weights.get('finalNorm')!.map(() => 0)
    weights.set('finalNorm', finalNorm)
    // With a final norm of 0 all logits are 0, and every token is equally likely.
    const flatScheduler = await scheduler(8, weights)
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        flatScheduler.generate({ promptTokens, maxTokens: 40, sampling, seed: new Uint8Array(32).fill(i) }),
      ),
    )
    const finishes = new Set(answers.map((answer) => answer.finish))
    expect(finishes).toEqual(new Set(['stop', 'length']))
    for (const { tokens, finish } of answers) {
      expect(tokens.indexOf(EOS)).toBe(finish === 'stop' ? tokens.length - 1 : -1)
      if (finish === 'length') expect(tokens.length).toBe(40)
    }
  })

  test('never grows beyond the context', async () => {
    const two = await scheduler(2)
    const { tokens, finish } = await two.generate({ promptTokens, maxTokens: 10_000, sampling, seed })
    if (finish === 'length') expect(tokens.length).toBe(TINY.contextLength - promptTokens.length)
    expect(tokens.length).toBeLessThanOrEqual(TINY.contextLength - promptTokens.length)
  })

  test('brings the hidden state of every sampled token when asked, as a prefill finds them', async () => {
    const shared = await scheduler(2)
    const request = { promptTokens, maxTokens: 20, sampling, seed }
    expect((await shared.generate(request)).hidden).toBeUndefined()
    const { tokens, hidden } = await shared.generate({ ...request, wantHidden: true })
    expect(hidden!.length).toBe(tokens.length * TINY.width)
    const prefill = await shared.prefill([...promptTokens, ...tokens.slice(0, -1)])
    const rows = prefill.hidden.subarray((promptTokens.length - 1) * TINY.width)
    for (const [i, value] of hidden!.entries()) expect(Math.abs(value - rows[i]!)).toBeLessThan(3e-5)
  })

  test('brings a map of those states instead, the same for the answer and for its replay', async () => {
    const shared = await scheduler(2)
    const matrix = Float32Array.from({ length: 3 * TINY.width }, (_, i) => Math.sin(i))
    const request = { promptTokens, maxTokens: 20, sampling, seed }
    const asked = { ...request, wantHidden: true, projection: matrix }
    const [{ tokens, hidden, projected }, other] = await Promise.all([
      shared.generate(asked),
      shared.generate({ ...request, seed: new Uint8Array(32).fill(9) }),
    ])
    expect([other.hidden, other.projected]).toEqual([undefined, undefined])
    const rowOf = (row: number) => hidden!.subarray(row * TINY.width, (row + 1) * TINY.width)
    const expected = tokens.flatMap((_, row) => [...projectRow(matrix, rowOf(row))])
    expect([...projected!]).toEqual(expected)
    const only = await shared.generate({ ...request, projection: matrix })
    expect(only.hidden).toBeUndefined()
    expect([...only.projected!]).toEqual(expected)

    const claim = { promptTokens, tokens, sampling, seed, tolerance: 1e-4 }
    expect((await shared.replay(claim)).projected).toBeUndefined()
    const positions = [tokens.length - 1, 0, 7]
    const replay = await shared.replay({ ...claim, projectionAt: { matrix, positions } })
    for (const [i, position] of positions.entries())
      for (let k = 0; k < 3; k++)
        expect(Math.abs(replay.projected![i * 3 + k]! - projected![position * 3 + k]!)).toBeLessThan(1e-4)
  })

  test('refuses a map that fits no hidden state of the model', async () => {
    const shared = await scheduler(2)
    const request = { promptTokens, maxTokens: 2, sampling, seed }
    const claim = { promptTokens, tokens: [5], sampling, seed, tolerance: 1e-4 }
    for (const matrix of [new Float32Array(0), new Float32Array(TINY.width + 1)]) {
      const refused = [
        shared.generate({ ...request, projection: matrix }),
        shared.replay({ ...claim, projectionAt: { matrix, positions: [0] } }),
      ]
      for (const promise of refused) await expect(promise).rejects.toMatchObject({ code: 'REQUEST_INVALID' })
    }
  })

  test('is dropped when its caller aborts, waiting or running, and others go on', async () => {
    const single = await scheduler(1)
    const running = new AbortController()
    const waiting = new AbortController()
    const request = { promptTokens, maxTokens: 200, sampling, seed }
    const first = single.generate(request, { signal: running.signal })
    const second = single.generate(request, { signal: waiting.signal })
    const third = single.generate({ ...request, maxTokens: 5 })
    setImmediate(() => {
      running.abort()
      waiting.abort()
    })
    const codes = await Promise.all(
      [first, second].map((answer) => answer.catch((error) => hasCode(error, 'REQUEST_ABORTED'))),
    )
    expect(codes).toEqual([true, true])
    expect((await third).tokens.length).toBeLessThanOrEqual(5)
  })
})

test('requests made one after the other, each as the last one ends, are all served', async () => {
  const single = await scheduler(1)
  const request = { promptTokens: encodeText('ab'), maxTokens: 3, sampling, seed: new Uint8Array(32) }
  const first = await single.generate(request)
  // Whatever number of microtasks lies between the two.
  for (let gap = 0; gap < 12; gap++) {
    for (let i = 0; i < gap; i++) await undefined
    expect(await single.generate(request)).toEqual(first)
  }
})

test('prefill returns one row a token', async () => {
  const tokens = encodeText('abc abd')
  const { logits, vocabularySize } = await (await scheduler(1)).prefill(tokens)
  expect(vocabularySize).toBe(TINY.vocabularySize)
  const truth = referenceLogits(TINY, tinyWeights(3), tokens).flat()
  expect(logits.length).toBe(truth.length)
  for (const [i, logit] of logits.entries()) expect(Math.abs(logit - truth[i]!)).toBeLessThan(2e-5)
})
