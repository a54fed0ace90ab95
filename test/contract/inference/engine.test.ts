import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../../../shared/inference/engine.ts'
import { startEngine } from '../../../shared/inference/start-engine.ts'
import { encodePrompt } from '../../../shared/inference/tokenizer.ts'
import { TINY, tinyModelFolder } from '../../unit/inference/tiny-model.ts'

const sampling = { temperature: 1, topK: 0, topP: 1 }
const seed = (value: number) => new Uint8Array(32).fill(value)
const promptTokens = encodePrompt('Tell of a red fox.')
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error) => (error as { code?: string }).code,
  )

describe('an engine in its own process', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await startEngine({ modelFolder: await tinyModelFolder(), threads: 1, maxBatch: 4 })
  })
  afterAll(() => engine.close())

  test('generates, replays, scores and prefills, many at a time', async () => {
    const results = await Promise.all(
      Array.from({ length: 10 }, async (_, i) => {
        const request = { promptTokens, sampling, seed: seed(i) }
        const { tokens, hidden } = await engine.generate({ ...request, maxTokens: 30, wantHidden: i === 0 })
        const replay = await engine.replay({ ...request, tokens, tolerance: 1e-4 })
        const { logProb } = await engine.score({ promptTokens, tokens })
        expect(replay.margins).toBeInstanceOf(Float64Array)
        expect(replay.margins.length).toBe(tokens.length)
        expect(Math.max(...replay.margins)).toBeLessThanOrEqual(1e-4)
        expect(logProb).toBeCloseTo(-replay.surprise, 6)
        expect(hidden?.length).toBe(i === 0 ? tokens.length * TINY.width : undefined)
        return tokens
      }),
    )
    expect(new Set(results.map((tokens) => tokens.join())).size).toBe(10)
    const { logits, hidden, vocabularySize } = await engine.prefill(promptTokens)
    expect(logits.length).toBe(promptTokens.length * vocabularySize)
    expect(hidden.length).toBe(promptTokens.length * TINY.width)
  })

  test('embeds what follows a prompt: the mean of the rows that read it', async () => {
    const tokens = encodePrompt('A fox, red.')
    const [{ embedding }, { hidden }] = await Promise.all([
      engine.embed({ promptTokens, tokens }),
      engine.prefill([...promptTokens, ...tokens]),
    ])
    expect(embedding.length).toBe(TINY.width)
    for (const [j, value] of embedding.entries()) {
      const column = tokens.map((_, i) => hidden[(promptTokens.length + i) * TINY.width + j]!)
      expect(value).toBeCloseTo(column.reduce((sum, row) => sum + row, 0) / tokens.length, 5)
    }
  })

  test('continues an answer from any of its tokens on', async () => {
    const request = { sampling, seed: seed(3) }
    const { tokens } = await engine.generate({ ...request, promptTokens, maxTokens: 12 })
    const kept = tokens.slice(0, 5)
    const rest = await engine.generate({
      ...request,
      promptTokens: [...promptTokens, ...kept],
      firstPosition: kept.length,
      maxTokens: 7,
    })
    expect([...kept, ...rest.tokens]).toEqual(tokens)
  })

  test('refuses what its model can not run, before it reaches the child', async () => {
    const good = { promptTokens, maxTokens: 4, sampling, seed: seed(1) }
    const matrix = new Float32Array(TINY.width)
    const invalid = [
      engine.generate({ ...good, promptTokens: [] }),
      engine.generate({ ...good, promptTokens: [1, 259] }),
      engine.generate({ ...good, promptTokens: [1.5] }),
      engine.generate({ ...good, promptTokens: new Array<number>(256).fill(1) }),
      engine.generate({ ...good, maxTokens: 0 }),
      engine.generate({ ...good, firstPosition: promptTokens.length + 1 }),
      engine.replay({ ...good, tokens: [], tolerance: 1e-4 }),
      engine.replay({ ...good, tokens: [1], tolerance: Number.NaN }),
      engine.replay({ ...good, tokens: [1], tolerance: 0, projectionAt: { matrix, positions: [0, 1] } }),
      engine.generate({ ...good, projection: new Float32Array(TINY.width - 1) }),
      engine.score({ promptTokens, tokens: new Array<number>(256).fill(1) }),
      engine.embed({ promptTokens, tokens: [] }),
      engine.embed({ promptTokens, tokens: new Array<number>(256).fill(1) }),
      engine.prefill(new Array<number>(257).fill(1)),
    ]
    expect(new Set(await Promise.all(invalid.map(codeOf)))).toEqual(new Set(['REQUEST_INVALID']))
    const cold = { ...sampling, temperature: -1 }
    expect(await codeOf(engine.generate({ ...good, sampling: cold }))).toBe('SAMPLING_INVALID')
    expect(await codeOf(engine.generate({ ...good, seed: new Uint8Array(4) }))).toBe('SAMPLING_INVALID')
  })

  test('an aborted request is rejected and the others finish', async () => {
    const abort = new AbortController()
    const request = { promptTokens, maxTokens: 230, sampling, seed: seed(3) }
    const aborted = codeOf(engine.generate({ ...request, signal: abort.signal }))
    const kept = engine.generate({ ...request, maxTokens: 5 })
    await engine.score({ promptTokens, tokens: [1] })
    abort.abort()
    expect(await aborted).toBe('REQUEST_ABORTED')
    expect((await kept).tokens.length).toBeGreaterThan(0)
    expect(await codeOf(engine.generate({ ...request, signal: AbortSignal.abort() }))).toBe('REQUEST_ABORTED')
  })

  test('killed, it rejects what ran, restarts, and gives the same tokens as before', async () => {
    const request = { promptTokens, maxTokens: 40, sampling, seed: seed(9) }
    const before = await engine.generate(request)
    const { pid, restarts } = engine.health()
    const running = Array.from({ length: 3 }, (_, i) =>
      codeOf(engine.generate({ ...request, maxTokens: 230, seed: seed(i) })),
    )
    // The child has the three by the time that it answers this.
    await engine.score({ promptTokens, tokens: [1] })
    process.kill(pid!, 'SIGKILL')
    expect(await Promise.all(running)).toContain('ENGINE_CRASHED')
    expect(await engine.generate(request)).toEqual(before)
    const health = engine.health()
    expect(health).toMatchObject({ alive: true, restarts: restarts + 1 })
    expect(health.pid).not.toBe(pid)
    expect(health.lastStepAgeMs).toBeGreaterThanOrEqual(0)
  })
})

test('closed, it leaves no process behind and refuses requests', async () => {
  const engine = await startEngine({ modelFolder: await tinyModelFolder(), threads: 1 })
  const pid = engine.health().pid!
  await engine.close()
  expect(() => process.kill(pid, 0)).toThrow()
  expect(await codeOf(engine.score({ promptTokens, tokens: [1] }))).toBe('ENGINE_GONE')
})

test('a model that is damaged while it runs is found at the restart', async () => {
  const folder = await tinyModelFolder()
  const engine = await startEngine({ modelFolder: folder, threads: 1 })
  await appendFile(join(folder, 'weights.f16.bin'), 'x')
  process.kill(engine.health().pid!, 'SIGKILL')
  let code: string | undefined
  do code = await codeOf(engine.score({ promptTokens, tokens: [1] }))
  while (code === 'none' || code === 'ENGINE_CRASHED')
  expect(code).toBe('MODEL_DAMAGED')
  await engine.close()
})
