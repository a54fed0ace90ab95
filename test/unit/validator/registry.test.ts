import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Engine, StartEngine } from '../../../shared/inference/engine.ts'
import { readModelInfo, saveModel } from '../../../shared/inference/model/folder.ts'
import { openModel } from '../../../shared/inference/open-model.ts'
import type { Precision } from '../../../shared/inference/precision.ts'
import {
  buildRegistry,
  findModels,
  formatRegistry,
} from '../../../shared/inference/registry/build-registry.ts'
import type { DeclaredModel } from '../../../shared/inference/registry/registry.ts'
import { type Log, silentLog } from '../../../shared/process/logging.ts'
import { fromHex } from '../../../shared/proof/hash.ts'
import { modelHashes, startRegistry, whyUnscored } from '../../../validator/registry.ts'
import {
  plainPair,
  plainWhitening,
  storedCalibration,
  writePlainCalibration,
} from '../../support/calibration.ts'
import { plainSimilarity } from '../../support/similarity.ts'
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

/** Engines that never compute; `started` and `closed` name them by model and class. One of these names does not start. */
function fakeStart(broken?: string): { start: StartEngine; started: string[]; closed: string[] } {
  const [started, closed]: string[][] = [[], []]
  const start: StartEngine = async ({ modelFolder, precision }) => {
    const { info: model } = await openModel(modelFolder, 'cpu', precision)
    const name = `${model.name} ${model.executionClass.split('/')[0]}`
    if (model.name === broken) throw new Error('does not start')
    started!.push(name)
    return { model, close: async () => void closed!.push(name) } as Partial<Engine> as Engine
  }
  return { start, started: started!, closed: closed! }
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
    const { start, started } = fakeStart()
    await expect(startRegistry(flags, start, { threads: 1 }, silentLog())).rejects.toMatchObject({
      code: 'CLASS_UNDECLARED',
    })
    expect(started).toEqual([])
  })

  it('leaves no engine behind where one does not start', async () => {
    const { flags } = await modelsFolder(at('cpu-*', 2))
    const { start, started, closed } = fakeStart('two')
    await expect(startRegistry(flags, start, { threads: 1 }, silentLog())).rejects.toThrow('does not start')
    expect(started).toEqual(['one cpu-fp32'])
    expect(closed).toEqual(started)
  })

  describe('with more classes than one', () => {
    const Q4 = 'cpu-q4b16a8'
    const precisions: Precision[] = ['fp32', 'q4b16a8']
    /** Starts with both, where “one” was calibrated in these pairs. */
    async function startBoth(declare: (model: DeclaredModel) => DeclaredModel, calibrated: boolean) {
      const { flags, registry } = await modelsFolder(declare)
      const { executionClass } = (await openModel(join(flags.models, 'one'), 'cpu', 'q4b16a8')).info
      const pairs = calibrated ? [plainPair(executionClass)] : []
      await writePlainCalibration(join(flags.models, 'one'), registry.models[0]!.hash, TINY.width, pairs)
      const warnings: string[] = []
      const log = { info() {}, warn: (_of: object, line: string) => warnings.push(line) } as unknown as Log
      const { start, started } = fakeStart()
      const { engines } = await startRegistry(flags, start, { threads: 1, precisions }, log)
      return { levels: engines.map(({ model }) => model.level), started: started.sort(), warnings }
    }

    it('holds a model in each that is calibrated and in the registry', async () => {
      const { levels, started, warnings } = await startBoth(at('cpu-*', 3), true)
      expect(started).toEqual(['one cpu-fp32', `one ${Q4}`, 'two cpu-fp32'].sort())
      expect(levels).toEqual([3, 3, 2])
      expect(warnings).toEqual(['class was not calibrated, and so is not verified'])
    })

    it('leaves a noisy class out, with what to do, that nothing can be judged in', async () => {
      const { started, warnings } = await startBoth(at('cpu-*', 3), false)
      expect(started).toEqual(['one cpu-fp32', 'two cpu-fp32'])
      expect(warnings).toHaveLength(2)
    })

    it('leaves a class out that the registry does not hold', async () => {
      const { started, warnings } = await startBoth(at('cpu-fp32/*', 3), true)
      expect(started).toEqual(['one cpu-fp32', 'two cpu-fp32'])
      expect(warnings).toEqual(Array(2).fill('the registry does not hold the model in this class'))
    })

    it('refuses to start with nothing to verify', async () => {
      const { flags } = await modelsFolder(at('cpu-*', 3))
      const alone = { threads: 1, precisions: precisions.slice(1) }
      await expect(startRegistry(flags, fakeStart().start, alone, silentLog())).rejects.toMatchObject({
        code: 'CLASS_UNCALIBRATED',
      })
    })
  })

  describe('of a registry that names a whitening', () => {
    const started = async (whitening: string, calibrated: boolean) => {
      const { flags, registry } = await modelsFolder((model) => ({ ...at('cpu-*', 3)(model), whitening }))
      for (const { folder, hash } of registry.models)
        if (calibrated) await writePlainCalibration(join(flags.models, folder!), hash, TINY.width)
      return startRegistry(flags, fakeStart().start, { threads: 1 }, silentLog())
    }
    const own = storedCalibration('0x', [], plainWhitening(TINY.width)).calibration.whitening.sha256

    it('starts with that one, and refuses another, or none: it would count at a level less', async () => {
      const { engines } = await started(own, true)
      expect(engines.map(({ model }) => model.level)).toEqual([3, 3])
      await expect(started('12'.repeat(32), true)).rejects.toMatchObject({ code: 'CALIBRATION_OTHER' })
      await expect(started(own, false)).rejects.toMatchObject({ code: 'CALIBRATION_MISSING' })
    })
  })

  it('hashes answers by the model that has a calibration for it, and says so where none has', async () => {
    const { flags, registry } = await modelsFolder(at('cpu-*', 2))
    const said: unknown[] = []
    const info = (...parts: unknown[]) => said.push(parts.at(-1))
    const log = { ...silentLog(), info } as unknown as Log
    const warning = expect.stringContaining('judges see every answer')
    const start = () => startRegistry(flags, fakeStart().start, { threads: 1 }, log)
    expect((await start()).hasher).toBeUndefined()
    expect(said).toContainEqual(warning)
    said.length = 0
    const { hash } = registry.models.find(({ name }) => name === 'two')!
    await mkdir(join(flags.models, 'two/calibration'), { recursive: true })
    const path = join(flags.models, 'two/calibration/similarity.json')
    await writeFile(path, plainSimilarity(hash, TINY.width))
    expect((await start()).hasher?.model.hash).toBe(hash)
    expect(said).not.toContainEqual(warning)
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
