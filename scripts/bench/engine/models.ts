import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Architecture } from '../../../shared/inference/model/architecture.ts'
import { loadModel } from '../../../shared/inference/model/folder.ts'
import { MANIFEST_FILE, type Manifest } from '../../../shared/inference/model/manifest.ts'
import { VOCABULARY_SIZE } from '../../../shared/inference/tokenizer.ts'
import { RECIPES } from '../../../shared/inference/training/recipes.ts'
import { saveEndlessModel } from './speed-model.ts'

export type ModelName = 'nano' | 'small' | 'base'

/** A model under measurement. */
export interface BenchModel {
  readonly name: ModelName
  readonly architecture: Architecture
  /** Weights of the same shape whose answers never end by themselves: for speed. */
  readonly speedFolder: string
  /** The trained model and its manifest, where there is one. */
  readonly trained: { readonly folder: string; readonly manifest: Manifest } | undefined
}

/** The shape of `base` where neither a model nor a recipe of that name exists. */
const BASE: Architecture = {
  vocabularySize: VOCABULARY_SIZE,
  contextLength: 512,
  width: 256,
  layers: 6,
  heads: 8,
  kvHeads: 2,
  feedForward: 688,
  ropeBase: 10_000,
  normEpsilon: 1e-5,
}

/** Finds a trained model in `modelsFolder`, and writes weights to measure its speed on into `scratch`. */
export async function prepareModel(
  name: ModelName,
  modelsFolder: string,
  scratch: string,
  seed: number,
): Promise<BenchModel> {
  const folder = join(modelsFolder, name)
  const isThere = await access(join(folder, MANIFEST_FILE)).then(
    () => true,
    () => false,
  )
  const trained = isThere ? { folder, manifest: (await loadModel(folder)).manifest } : undefined
  const architecture = trained?.manifest.architecture ?? RECIPES[name]?.architecture ?? BASE
  const speedFolder = join(scratch, name)
  await saveEndlessModel(speedFolder, name, architecture, seed)
  return { name, architecture, speedFolder, trained }
}
