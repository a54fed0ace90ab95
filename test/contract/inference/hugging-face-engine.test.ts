import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../../../shared/inference/engine.ts'
import { startEngine } from '../../../shared/inference/start-engine.ts'
import { hasCode } from '../../../shared/process/errors.ts'
import { editJson, exportedFolder } from '../../support/inference/exported-folder.ts'
import { tinyModelFolder } from '../../unit/inference/tiny-model.ts'

const sampling = { temperature: 1, topK: 0, topP: 1 }

let own: Engine
beforeAll(async () => {
  own = await startEngine({ modelFolder: await tinyModelFolder(2), threads: 1 })
})
afterAll(() => own?.close())

describe.each(['optimum', 'genai'] as const)('an engine on a folder in the layout of %s', (layout) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await startEngine({ modelFolder: await exportedFolder(layout), threads: 1, maxBatch: 4 })
  })
  afterAll(() => engine?.close())

  test('writes the answers that our own graph writes from the same weights and seeds', async () => {
    const prompts = ['add 2 and 3', 'é', 'a longer prompt, so that lengths differ', 'x', 'y', 'zz']
    const ask = (server: Engine) =>
      Promise.all(
        prompts.map((prompt, i) =>
          server.generate({
            promptTokens: server.text.encodePrompt(prompt),
            maxTokens: 24 + 3 * i,
            sampling,
            seed: new Uint8Array(32).fill(i),
          }),
        ),
      )
    const [ours, theirs] = [await ask(own), await ask(engine)]
    expect(theirs).toEqual(ours)
    expect(new Set(theirs.map(({ text }) => text)).size).toBe(prompts.length)
  })

  test('streams, gives hidden states, and can be replayed', async () => {
    const promptTokens = engine.text.encodePrompt('add 2 and 3')
    const seed = randomBytes(32)
    const pieces: string[] = []
    const { text, tokens, hidden } = await engine.generate({
      promptTokens,
      maxTokens: 40,
      sampling,
      seed,
      wantHidden: true,
      onPiece: (piece) => pieces.push(piece.text),
    })
    expect(pieces.join('')).toBe(text)
    expect(hidden).toHaveLength(tokens.length * 64)
    const { margins } = await engine.replay({ promptTokens, tokens, sampling, seed, tolerance: 1e-4 })
    expect(Math.max(...margins)).toBeLessThan(1e-4)
    const other = await engine.replay({
      promptTokens,
      tokens,
      sampling,
      seed: randomBytes(32),
      tolerance: 1e-4,
    })
    expect(Math.max(...other.margins)).toBeGreaterThan(0.1)
  })
})

test('what ONNX Runtime does not load is refused in one line that names the file', async () => {
  const folder = await exportedFolder('genai')
  const path = join(folder, 'model.onnx')
  const bytes = await readFile(path, 'latin1')
  await writeFile(path, bytes.replaceAll('SkipSimplified', 'SkipTheSimpler'), 'latin1')
  const starting = startEngine({ modelFolder: folder, threads: 1 })
  await expect(starting).rejects.toSatisfy((error) => hasCode(error, 'MODEL_UNSERVABLE'))
  await expect(starting).rejects.toThrow(/^[^\n]*\(model\.onnx\)[^\n]*SkipTheSimpler[^\n]*$/)
})

test('the longest prompt and answer are what the model can read, and what we let it', async () => {
  const folder = await exportedFolder('optimum')
  await editJson(folder, 'config.json', (config) => {
    config.max_position_embeddings = 48
  })
  const engine = await startEngine({ modelFolder: folder, threads: 1 })
  expect(engine.model.contextLength).toBe(48)
  const promptTokens = engine.text.encodePrompt('a'.repeat(38))
  const { tokens, finish } = await engine.generate({
    promptTokens,
    maxTokens: 30,
    sampling: { ...sampling, temperature: 0 },
    seed: new Uint8Array(32),
  })
  expect(finish === 'stop' || tokens.length === 8).toBe(true)
  await engine.close()
})
