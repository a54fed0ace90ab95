import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine, StartEngine } from '../shared/inference/engine.ts'
import { readModelInfo } from '../shared/inference/model/folder.ts'
import { StarlingError } from '../shared/process/errors.ts'

/**
 * Starts one engine for each model folder: the models that this validator can verify, and so the registry of what it scores.
 * @returns engines by model hash
 * @throws StarlingError MODEL_MISSING when the folder holds none, and whatever a damaged model throws
 */
export async function startRegistry(
  folder: string,
  start: StartEngine,
  options: Omit<Parameters<StartEngine>[0], 'modelFolder'>,
): Promise<Map<string, Engine>> {
  const names = modelFolders(folder)
  const started = await Promise.allSettled(
    names.map((name) => start({ ...options, modelFolder: join(folder, name) })),
  )
  const engines = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const failure = started.find((result) => result.status === 'rejected')
  if (failure !== undefined) {
    await Promise.all(engines.map((engine) => engine.close()))
    throw failure.reason
  }
  return new Map(engines.map((engine) => [engine.model.hash, engine]))
}

/** Hashes of the models in a folder, without starting them. @throws StarlingError MODEL_MISSING, MODEL_DAMAGED */
export async function modelHashes(folder: string): Promise<string[]> {
  const models = await Promise.all(modelFolders(folder).map((name) => readModelInfo(join(folder, name))))
  return models.map(({ hash }) => hash)
}

function modelFolders(folder: string): string[] {
  const remedy = 'point --models at a folder that holds one folder a model'
  try {
    const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? entry.name : [],
    )
    if (names.length > 0) return names.sort()
  } catch (cause) {
    throw new StarlingError('MODEL_MISSING', `cannot read the model folder ${folder}`, remedy, { cause })
  }
  throw new StarlingError('MODEL_MISSING', `no model in ${folder}`, remedy)
}
