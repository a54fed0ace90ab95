import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AnswerPiece, Engine, GenerateRequest } from '../../../shared/inference/engine.ts'
import { below, seededRandom } from '../../../shared/inference/random.ts'
import { startEngine } from '../../../shared/inference/start-engine.ts'
import { encodePrompt } from '../../../shared/inference/tokenizer.ts'
import { tinyModelFolder } from '../../unit/inference/tiny-model.ts'

const sampling = { temperature: 1, topK: 0, topP: 1 }
const promptTokens = encodePrompt('Tell of a red fox.')
const request = (i: number, maxTokens: number): GenerateRequest => {
  const seed = new Uint8Array(32)
  new DataView(seed.buffer).setUint32(0, i)
  return { promptTokens, maxTokens, sampling, seed }
}
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error) => (error as { code?: string }).code ?? String(error),
  )

let engine: Engine
beforeAll(async () => {
  engine = await startEngine({ modelFolder: await tinyModelFolder(), threads: 1, maxBatch: 8, maxQueue: 12 })
})
afterAll(() => engine.close())

describe('pieces', () => {
  test('joined are the answer, and all come before the promise settles', async () => {
    const streamed = await Promise.all(
      Array.from({ length: 8 }, async (_, i) => {
        const pieces: AnswerPiece[] = []
        const onPiece = (piece: AnswerPiece) => void pieces.push(piece)
        const generation = await engine.generate({ ...request(i, 40), onPiece })
        return { generation, pieces: [...pieces] }
      }),
    )
    let held = 0
    for (const { generation, pieces } of streamed) {
      expect(pieces.flatMap(({ tokens }) => tokens)).toEqual(generation.tokens)
      expect(pieces.map(({ text }) => text).join('')).toBe(generation.text)
      expect(pieces.length).toBeGreaterThanOrEqual(generation.tokens.length)
      held += pieces.filter(({ text }) => text === '').length
    }
    // An untrained model writes random bytes, so characters broken over tokens were among them.
    expect(held).toBeGreaterThan(0)
    const { generation } = streamed[3]!
    expect(await engine.generate(request(3, 40))).toEqual(generation)
  })

  test('of an answer that its prompt ended come before others decode on', async () => {
    const running = engine.generate(request(60, 200))
    for (let i = 0; i < 20; i++) {
      let told = ''
      const onPiece = ({ text }: AnswerPiece) => {
        told += text
      }
      expect((await engine.generate({ ...request(i, 1), onPiece })).text).toBe(told)
    }
    await running
  })

  test('that a caller can not take end its request and nothing else', async () => {
    let told = 0
    const broken = codeOf(
      engine.generate({
        ...request(50, 200),
        onPiece() {
          told += 1
          throw new Error('connection lost')
        },
      }),
    )
    const beside = engine.generate(request(51, 60))
    expect(await broken).toContain('connection lost')
    expect((await beside).tokens.length).toBeGreaterThan(0)
    expect(told).toBe(1)
    // Its slot becomes free with the next step, long before its 200 tokens.
    const { decodedTokens } = await engine.stats()
    while ((await engine.stats()).active > 0);
    expect((await engine.stats()).decodedTokens - decodedTokens).toBeLessThan(20)
    expect(engine.health().restarts).toBe(0)
  })
})

test('a full queue and a deadline out of reach are refused at once, and all others served', async () => {
  const codes = await Promise.all(
    Array.from({ length: 80 }, (_, i) => codeOf(engine.generate(request(i, 230)))),
  )
  expect(new Set(codes)).toEqual(new Set(['none', 'BUSY']))
  expect(codes.filter((code) => code === 'none').length).toBeGreaterThanOrEqual(8 + 12)
  // The pace is known by now, and nobody writes 230 tokens in a hundredth of a millisecond.
  const late = await codeOf(engine.generate({ ...request(1, 230), deadlineMs: 0.01 }))
  expect(['BUSY', 'DEADLINE_PASSED']).toContain(late)
  const { steps, decodedTokens, prefilledTokens, runMs, stepMs, rssBytes } = await engine.stats()
  expect(decodedTokens).toBeGreaterThan(steps)
  expect(prefilledTokens).toBeGreaterThan(20 * promptTokens.length)
  expect(runMs).toBeGreaterThan(0)
  expect(stepMs).toBeGreaterThan(runMs)
  expect(rssBytes).toBeGreaterThan(10e6)
})

test('killed under load, it fails what it had, serves what waited, and everybody after', async () => {
  const before = await engine.generate(request(7, 30))
  const { restarts, pid } = engine.health()
  const inFlight: Promise<string>[] = []
  await new Promise<void>((begun) => {
    for (let i = 0; i < 12; i++) {
      inFlight.push(codeOf(engine.generate({ ...request(100 + i, 230), onPiece: () => begun() })))
    }
  })
  process.kill(pid!, 'SIGKILL')
  while (engine.health().alive) await new Promise((resolve) => setImmediate(resolve))
  // Nobody is there to take these yet.
  const queued = Array.from({ length: 5 }, (_, i) => engine.generate(request(200 + i, 20)))
  const codes = await Promise.all(inFlight)
  // An answer may have ended by itself in the moment before.
  expect(new Set(codes.filter((code) => code !== 'none'))).toEqual(new Set(['ENGINE_CRASHED']))
  expect(codes.filter((code) => code !== 'none').length).toBeGreaterThan(6)
  for (const { tokens } of await Promise.all(queued)) expect(tokens.length).toBeGreaterThan(0)
  expect(await engine.generate(request(7, 30))).toEqual(before)
  expect(engine.health()).toMatchObject({ alive: true, restarts: restarts + 1 })
})

test('tokens are the same whatever batch a request shared', async () => {
  const random = seededRandom(4)
  const choices = [sampling, { temperature: 0.7, topK: 40, topP: 0.9 }, { ...sampling, topP: 0.8 }]
  const requests = Array.from({ length: 100 }, (_, i) => ({
    ...request(1000 + i, 1 + below(random, 50)),
    promptTokens: Array.from({ length: 1 + below(random, 200) }, () => below(random, 256)),
    sampling: choices[i % 3]!,
  }))
  const alone = []
  for (const one of requests) alone.push(await engine.generate(one))
  // Twenty at a time in a shuffled order, as ends make room: prompts, places and neighbours all differ.
  const order = requests.map((_, i) => ({ i, key: random() })).sort((a, b) => a.key - b.key)
  const together = new Array(requests.length)
  const worker = async () => {
    for (let next = order.pop(); next !== undefined; next = order.pop())
      together[next.i] = await engine.generate(requests[next.i]!)
  }
  await Promise.all(Array.from({ length: 20 }, worker))
  expect(together).toEqual(alone)
})
