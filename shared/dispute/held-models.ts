import {
  type HeldModel,
  readDeclaredModel,
  readReferenceModel,
} from '../inference/reference/reference-model.ts'
import type { Registry } from '../inference/registry/registry.ts'
import { StarlingError } from '../process/errors.ts'

/**
 * Reads models for disputes as they are asked for, and keeps the newest. Where the registry says nothing of a model, its own
 * root is taken; a referee that knows another one is told so.
 * @param folders by model hash
 * @returns rejects with UNKNOWN_MODEL, TILES_ROOT_MISMATCH, MODEL_MISSING, MODEL_DAMAGED
 */
export function heldModels(
  folders: ReadonlyMap<string, string>,
  registry: Registry | undefined,
): (hash: string) => Promise<HeldModel> {
  let newest: { readonly hash: string; readonly model: Promise<HeldModel> } | undefined
  const read = (hash: string): Promise<HeldModel> => {
    const folder = folders.get(hash)
    if (folder === undefined)
      return Promise.reject(new StarlingError('UNKNOWN_MODEL', `this process holds no model ${hash}`))
    const reference = registry?.models.find((declared) => declared.hash === hash)?.reference
    return reference === undefined ? readReferenceModel(folder) : readDeclaredModel(folder, reference)
  }
  return (hash) => {
    if (newest?.hash !== hash) newest = { hash, model: read(hash) }
    // A failure is not kept: the operator may have mended it by the next time.
    const { model } = newest
    model.catch(() => {
      if (newest?.model === model) newest = undefined
    })
    return model
  }
}
