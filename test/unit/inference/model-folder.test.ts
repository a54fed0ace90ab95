import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadModel, readModelInfo } from '../../../shared/inference/model/folder.ts'
import { startEngine } from '../../../shared/inference/start-engine.ts'
import { describeError, StarlingError } from '../../../shared/process/errors.ts'
import { TINY, tinyModelFolder, tinyWeights } from './tiny-model.ts'

async function refusal(folder: string): Promise<StarlingError> {
  const error = await startEngine({ modelFolder: folder, threads: 1 }).catch((reason: unknown) => reason)
  if (!(error instanceof StarlingError)) throw new Error('was not refused')
  expect(error.remedy).toMatch(/npm run train/)
  expect(describeError(error)).not.toContain('\n')
  return error
}

async function edit(folder: string, change: (manifest: Record<string, unknown>) => void): Promise<void> {
  const path = join(folder, 'model.json')
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
  change(manifest)
  await writeFile(path, JSON.stringify(manifest))
}

describe('a model folder', () => {
  test('gives back what was saved, and names it by its hash', async () => {
    const folder = await tinyModelFolder(5)
    const { manifest, weights } = await loadModel(folder)
    expect(manifest.architecture).toEqual(TINY)
    expect(weights).toEqual(tinyWeights(5))
    const info = await readModelInfo(folder)
    expect(info).toMatchObject({ name: 'tiny', hash: manifest.hash, contextLength: 256, eosToken: 257 })
    expect(info.executionClass).toMatch(/^cpu-fp32\/ort-\d+\.\d+\.\d+$/)
    const other = await readModelInfo(await tinyModelFolder(6))
    expect(other.hash).not.toBe(info.hash)
  })

  test('that is not there is MODEL_MISSING', async () => {
    const folder = await tinyModelFolder()
    await rm(join(folder, 'weights.f16.bin'))
    expect((await refusal(folder)).code).toBe('MODEL_MISSING')
    expect((await refusal(join(folder, 'nowhere'))).code).toBe('MODEL_MISSING')
  })

  test('with one weight changed, or some missing, is MODEL_DAMAGED', async () => {
    const folder = await tinyModelFolder()
    const path = join(folder, 'weights.f16.bin')
    const bytes = await readFile(path)
    bytes[100]! ^= 1
    await writeFile(path, bytes)
    const error = await refusal(folder)
    expect(error.code).toBe('MODEL_DAMAGED')
    expect(error.message).toContain(path)
    const cut = await tinyModelFolder()
    await writeFile(join(cut, 'weights.f16.bin'), bytes.subarray(0, 1000))
    expect((await refusal(cut)).code).toBe('MODEL_DAMAGED')
  })

  test.each([
    ['an architecture that the hash does not cover', { architecture: { ...TINY, ropeBase: 20_000 } }],
    ['an architecture that does not divide', { architecture: { ...TINY, heads: 3 } }],
    ['another vocabulary', { architecture: { ...TINY, vocabularySize: 300 } }],
    ['an unknown format', { format: 'starling-model/9' }],
    ['a name that is a path', { name: '../x' }],
    ['an unknown key', { licence: 'none' }],
  ])('whose manifest has %s is MODEL_DAMAGED', async (_, change) => {
    const folder = await tinyModelFolder()
    await edit(folder, (manifest) => Object.assign(manifest, change))
    expect((await refusal(folder)).code).toBe('MODEL_DAMAGED')
  })

  test('whose manifest is not JSON is MODEL_DAMAGED', async () => {
    const folder = await tinyModelFolder()
    await appendFile(join(folder, 'model.json'), '}')
    expect((await refusal(folder)).code).toBe('MODEL_DAMAGED')
  })
})
