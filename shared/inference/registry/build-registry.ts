import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { StarlingError } from '../../process/errors.ts'
import type { ModelInfo } from '../engine.ts'
import type { ReferenceModel } from '../reference/reference-model.ts'
import type { DeclaredModel, Registry } from './registry.ts'

/** Classes of a model of our own, where its entry doesn't say otherwise: the engine's, and servers that run an export. */
const CLASSES: DeclaredModel['classes'] = [
  { executionClass: 'cpu-fp32/ort-*', level: 3 },
  { executionClass: 'webgpu-fp32/ort-*', level: 2 },
  { executionClass: 'cuda-fp32/ort-*', level: 2 },
  { executionClass: 'openai/*', level: 1 },
]
/** Of models that the project trains itself. */
export const OWN_LICENCE = 'Apache-2.0'

/** What lies in a folder of models. */
export interface FoundModel {
  readonly folder: string
  readonly info: Pick<ModelInfo, 'name' | 'hash'>
  /** Of the calibration that lies beside it; undefined where there is none. */
  readonly whitening?: string | undefined
  /** Of the calibration that answers are hashed with by it; undefined where there is none. */
  readonly similarity?: string | undefined
  /** Of a model of our own, where it was computed. */
  readonly reference?: ReferenceModel
}

/** Names of the folders in a folder, sorted. @throws StarlingError MODEL_MISSING where there is none */
export async function modelFolders(folder: string): Promise<string[]> {
  const remedy = 'point --models at a folder that holds one folder a model'
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new StarlingError('MODEL_MISSING', `cannot read the model folder ${folder}`, remedy, { cause })
  })
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  if (names.length > 0) return names.sort()
  throw new StarlingError('MODEL_MISSING', `no model in ${folder}`, remedy)
}

/** Looks at every model of a folder. `look` is `readModelInfo` or what stands for it. */
export async function findModels(
  folder: string,
  look: (modelFolder: string) => Promise<FoundModel['info']>,
): Promise<FoundModel[]> {
  const names = await modelFolders(folder)
  return Promise.all(names.map(async (name) => ({ folder: name, info: await look(join(folder, name)) })))
}

/**
 * The registry of the models found. What a person decides about a model, its licence and classes, is kept from the entry
 * of the same folder; entries without a folder stay as they are.
 * @param licence of models that have no entry yet
 */
export function buildRegistry(
  found: readonly FoundModel[],
  before: Registry | undefined,
  licence = OWN_LICENCE,
): Registry {
  const entries = found.map(({ folder, info, ...computed }): DeclaredModel => {
    const kept = before?.models.find((model) => model.folder === folder)
    const reference = computed.reference ?? (kept?.hash === info.hash ? kept.reference : undefined)
    const decided = { licence: kept?.licence ?? licence, classes: kept?.classes ?? CLASSES }
    return {
      ...{ name: info.name, hash: info.hash, ...decided, folder },
      ...(computed.whitening === undefined ? {} : { whitening: computed.whitening }),
      ...(computed.similarity === undefined ? {} : { similarity: computed.similarity }),
      ...(reference === undefined ? {} : { reference }),
    }
  })
  const brought = before?.models.filter((model) => model.folder === undefined) ?? []
  return { format: 'starling-registry/1', models: [...entries, ...brought] }
}

/** The file's text. */
export function formatRegistry(registry: Registry): string {
  return `${JSON.stringify(registry, undefined, 2)}\n`
}
