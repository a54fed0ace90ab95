import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Engine, StartEngine } from '../../../shared/inference/engine.ts'
import { readModelInfo, saveModel } from '../../../shared/inference/model/folder.ts'
import {
  buildRegistry,
  findModels,
  formatRegistry,
} from '../../../shared/inference/registry/build-registry.ts'
import type { DeclaredModel } from '../../../shared/inference/registry/registry.ts'
import { silentLog } from '../../../shared/process/logging.ts'
import { fromHex } from '../../../shared/proof/hash.ts'
import { modelHashes, startRegistry, whyUnscored } from '../../../validator/registry.ts'
import { writePlainCalibration } from '../../support/calibration.ts'
import { TINY, tinyWeights } from '../inference/tiny-model.ts'

/** A folder of two models, and a registry with these of them. */
async function modelsFolder(declare: (model: DeclaredModel) => DeclaredModel | undefined) {
  const models = await mkdtemp(join(tmpdir(), 'models-'))
  for (const [i, name] of ['one', 'two'].entries())
    await saveModel(join(models, name), name, TINY, tinyWeights(i + 1))
  const all = buildRegistry(await findModels(models, readModelInfo), undefined)
  const registry = { ...all, models: all.models.flatMap((model) => declare(model) ?? []) }
  await writeFile(join(models, 'registry.json'), formatRegistry(registry))
  return { flags: { models }, registry, all }
}

/** Engines that never compute; `closed` names those that were closed. */
function fakeStart(): { start: StartEngine; closed: string[] } {
  const closed: string[] = []
  const start: StartEngine = async ({ modelFolder }) => {
    const model = await readModelInfo(modelFolder)
    return { model, close: async () => void closed.push(model.name) } as Partial<Engine> as Engine
  }
  return { start, closed }
}

const only = (name: string) => (model: DeclaredModel) => (model.name === name ? model : undefined)
const at =
  (executionClass: string, level: 0 | 1 | 2 | 3) =>
  (model: DeclaredModel): DeclaredModel => ({ ...model, classes: [{ executionClass, level }] })

describe('startRegistry', () => {
  it('starts the models that the registry holds, and no others', async () => {
    const { flags, registry } = await modelsFolder(only('two'))
    const { engines } = await startRegistry(flags, fakeStart().start, { threads: 1 }, silentLog())
    expect(engines.map(({ model }) => model.name)).toEqual(['two'])
    expect(engines.map(({ model }) => model.hash)).toEqual([registry.models[0]!.hash])
    expect(await modelHashes(flags)).toEqual([registry.models[0]!.hash])
  })

  it.each([
    [0, 0],
    [3, 2],
  ] as const)(
    'a registry that grants level %i makes it level %i without a calibration: states can’t be compared then',
    async (granted, level) => {
      const { flags } = await modelsFolder(at('cpu-*', granted))
      const { engines } = await startRegistry(flags, fakeStart().start, { threads: 1 }, silentLog())
      expect(engines.map(({ model }) => model.level)).toEqual([level, level])
    },
  )

  it('asks for hidden states of the models that it has a calibration of, where the registry grants as much', async () => {
    const levelsOf = async (granted: 2 | 3) => {
      const { flags, registry } = await modelsFolder(at('cpu-*', granted))
      const [one] = registry.models
      await writePlainCalibration(join(flags.models, 'one'), one!.hash, TINY.width)
      const started = await startRegistry(flags, fakeStart().start, { threads: 1 }, silentLog())
      const { engines, calibrations } = started
      return {
        levels: engines.map(({ model }) => model.level),
        of: [...calibrations.keys()],
        one,
      }
    }
    const { levels, of, one } = await levelsOf(3)
    expect({ levels, of }).toEqual({ levels: [3, 2], of: [one!.hash] })
    expect(await levelsOf(2)).toMatchObject({ levels: [2, 2], of: [] })
  })

  it('refuses a registry that does not hold the class of this machine, and leaves no engine behind', async () => {
    const { flags } = await modelsFolder(at('gpu-fp16/other', 2))
    const { start, closed } = fakeStart()
    await expect(startRegistry(flags, start, { threads: 1 }, silentLog())).rejects.toMatchObject({
      code: 'CLASS_UNDECLARED',
    })
    expect(closed.sort()).toEqual(['one', 'two'])
  })

  it('refuses a folder of which the registry holds nothing', async () => {
    const { flags } = await modelsFolder(() => undefined)
    const started = startRegistry(flags, fakeStart().start, { threads: 1 }, silentLog())
    await expect(started).rejects.toMatchObject({
      code: 'MODEL_UNDECLARED',
      remedy: expect.stringContaining('npm run registry'),
    })
  })

  it('follows the registry that the flag names', async () => {
    const { flags } = await modelsFolder(() => undefined)
    const elsewhere = await modelsFolder(only('one'))
    const registry = join(elsewhere.flags.models, 'registry.json')
    expect(await modelHashes({ ...flags, registry })).toEqual([elsewhere.registry.models[0]!.hash])
  })
})

describe('whyUnscored', () => {
  it('names what a miner can do', async () => {
    const { registry } = await modelsFolder(only('one'))
    const hash = fromHex(registry.models[0]!.hash)
    const code = (executionClass: string, bytes = hash) =>
      whyUnscored(registry, { hash: bytes, executionClass }).code
    expect(code('cpu-fp32/ort-1', new Uint8Array(32))).toBe('MODEL_UNDECLARED')
    expect(code('tpu')).toBe('CLASS_UNDECLARED')
    expect(code('openai/llama.cpp')).toBe('LEVEL_UNSCORED')
    expect(code('cuda-fp32/ort-1')).toBe('CLASS_UNVERIFIABLE')
  })
})
