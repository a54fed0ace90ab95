import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readModelInfo } from '../../../../shared/inference/model/folder.ts'
import { readDeclaredModel } from '../../../../shared/inference/reference/reference-model.ts'
import {
  buildRegistry,
  findModels,
  formatRegistry,
} from '../../../../shared/inference/registry/build-registry.ts'
import { readRegistry } from '../../../../shared/inference/registry/read-registry.ts'
import { declaredLevel, type Registry } from '../../../../shared/inference/registry/registry.ts'
import { readCalibration } from '../../../../shared/proof/sketch/read-calibration.ts'
import { readSimilarity } from '../../../../shared/similarity/calibration.ts'

const hash = (digit: string) => `0x${digit.repeat(64)}`
const registry: Registry = {
  format: 'starling-registry/1',
  models: [
    {
      name: 'one',
      hash: hash('1'),
      licence: 'MIT',
      classes: [
        { executionClass: 'openai/*', level: 1 },
        { executionClass: 'openai/vllm-*', level: 0 },
        { executionClass: 'cpu-fp32/ort-1.30.0', level: 2 },
      ],
      folder: 'one',
    },
  ],
}

describe('declaredLevel', () => {
  test.each([
    ['cpu-fp32/ort-1.30.0', 2],
    ['openai/llama.cpp-b1', 1],
    ['openai/vllm-0.11.0', 0],
  ])('%s counts at the level of the longest pattern that fits: %i', (executionClass, level) => {
    expect(declaredLevel(registry, hash('1'), executionClass)).toBe(level)
  })

  test.each(['cpu-fp32/ort-1.30.01', 'cpu-fp32/ort-1.30', 'cpu-fp32/*', 'open', ''])(
    '%s is not listed',
    (name) => {
      expect(() => declaredLevel(registry, hash('1'), name)).toThrow(
        expect.objectContaining({
          code: 'CLASS_UNDECLARED',
          remedy: expect.stringContaining('cpu-fp32/ort-1.30.0'),
        }),
      )
    },
  )

  test('a model that is not there is refused with those that are', () => {
    expect(() => declaredLevel(registry, hash('2'), 'cpu-fp32/ort-1.30.0')).toThrow(
      expect.objectContaining({ code: 'MODEL_UNDECLARED', remedy: expect.stringContaining('one') }),
    )
  })
})

describe('buildRegistry', () => {
  const found = [
    { folder: 'one', info: { name: 'one', hash: hash('a') } },
    { folder: 'two', info: { name: 'two', hash: hash('b') } },
  ]

  test('takes hashes from the folders, and keeps what a person decided', () => {
    const brought = { ...registry.models[0]!, name: 'big', hash: hash('9'), folder: undefined }
    const { folder: _, ...big } = brought
    const gone = { ...registry.models[0]!, hash: hash('8'), folder: 'gone' }
    const built = buildRegistry(
      found,
      { ...registry, models: [...registry.models, gone, big] },
      'BSD-3-Clause',
    )
    expect(built.models.map(({ name, hash, licence }) => [name, hash, licence])).toEqual([
      ['one', hash('a'), 'MIT'],
      ['two', hash('b'), 'BSD-3-Clause'],
      ['big', hash('9'), 'MIT'],
    ])
    expect(built.models[0]!.classes).toEqual(registry.models[0]!.classes)
    expect(buildRegistry(found, built)).toEqual(built)
  })

  test('keeps the root over the tiles only while the model is the same', async () => {
    const { models } = (await readRegistry('models/registry.json')).registry
    const { reference } = models.find(({ name }) => name === 'nano')!
    const built = buildRegistry([{ ...found[0]!, reference: reference! }], undefined)
    expect(built.models[0]!.reference).toEqual(reference)
    expect(buildRegistry(found, built).models[0]!.reference).toEqual(reference)
    const retrained = { folder: 'one', info: { name: 'one', hash: hash('c') } }
    expect(buildRegistry([retrained], built).models[0]!.reference).toBeUndefined()
  })

  test('grants hidden states to our engine on the CPU, replay on any device, and neither to others', () => {
    const fresh = buildRegistry(found, undefined)
    expect(declaredLevel(fresh, hash('a'), 'cpu-fp32/ort-9.9.9')).toBe(3)
    expect(declaredLevel(fresh, hash('a'), 'webgpu-fp32/ort-9.9.9')).toBe(2)
    expect(declaredLevel(fresh, hash('a'), 'openai/llama.cpp')).toBe(1)
  })
})

describe('readRegistry', () => {
  const file = async (text: string) => {
    const path = join(await mkdtemp(join(tmpdir(), 'registry-')), 'registry.json')
    await writeFile(path, text)
    return path
  }

  test('reads what was written, and names the file by its hash', async () => {
    const path = await file(formatRegistry(registry))
    const read = await readRegistry(path)
    expect(read.registry).toEqual(registry)
    const same = await readRegistry(await file(formatRegistry(registry)))
    expect(same.hash).toBe(read.hash)
    const other = await readRegistry(await file(`${formatRegistry(registry)}\n`))
    expect(other.hash).not.toBe(read.hash)
  })

  const twice = { ...registry, models: [...registry.models, ...registry.models] }
  const wild = { ...registry.models[0]!, classes: [{ executionClass: 'cpu*32', level: 2 }] }
  test.each([
    ['no JSON', '{', /is not JSON/],
    ['another format', '{"format":"x","models":[]}', /format/],
    ['a hash that stands twice', JSON.stringify(twice), /a hash stands twice/],
    [
      'a star in the middle',
      JSON.stringify({ ...registry, models: [wild] }),
      /models.0.classes.0.executionClass/,
    ],
    ['no class', JSON.stringify({ ...registry, models: [{ ...wild, classes: [] }] }), /models.0.classes/],
  ])('refuses %s in one line', async (_what, text, line) => {
    await expect(readRegistry(await file(text))).rejects.toMatchObject({
      code: 'REGISTRY_INVALID',
      message: expect.stringMatching(line),
    })
  })

  test('says how to write the file where there is none', async () => {
    await expect(readRegistry('/nowhere/registry.json')).rejects.toMatchObject({
      code: 'REGISTRY_MISSING',
      remedy: expect.stringContaining('npm run registry'),
    })
  })
})

test('models/registry.json is what the model folders say; npm run registry writes it again', async () => {
  const { registry: shipped } = await readRegistry('models/registry.json')
  const found = (await findModels('models', readModelInfo)).map(async (model) => {
    const folder = `models/${model.folder}`
    const stored = await readCalibration(folder, model.info.hash)
    const similarity = await readSimilarity(folder, model.info.hash, undefined)
    return { ...model, whitening: stored!.calibration.whitening.sha256, similarity: similarity?.sha256 }
  })
  expect(buildRegistry(await Promise.all(found), shipped)).toEqual(shipped)
  const declared = shipped.models.map(({ folder, reference }) =>
    readDeclaredModel(`models/${folder}`, reference!),
  )
  for (const { hash, reference } of await Promise.all(declared))
    expect(shipped.models.find((model) => model.hash === hash)!.reference).toEqual(reference)
})

test('a model is refused for disputes where the registry says another root', async () => {
  const { registry: shipped } = await readRegistry('models/registry.json')
  const { reference } = shipped.models.find(({ name }) => name === 'nano')!
  const other = { ...reference!, tilesRoot: hash('f') }
  await expect(readDeclaredModel('models/nano', other)).rejects.toMatchObject({ code: 'TILES_ROOT_MISMATCH' })
})
