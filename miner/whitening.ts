import { dirname, join } from 'node:path'
import type { Backend } from '../shared/inference/engine.ts'
import { readRegistry } from '../shared/inference/registry/read-registry.ts'
import { REGISTRY_FILE } from '../shared/inference/registry/registry.ts'
import { hasCode } from '../shared/process/errors.ts'
import type { Log } from '../shared/process/logging.ts'
import { readRegisteredCalibration } from '../shared/proof/sketch/registered-calibration.ts'
import type { Whitening } from '../shared/proof/sketch/whitening.ts'
import { SKETCH_LEVEL } from '../shared/verify/sketches.ts'
import type { MinerFlags } from './flags.ts'

/**
 * What sketches of the model's hidden states are made with; undefined where the backend shows none, or the model was never
 * calibrated.
 * @throws StarlingError CALIBRATION_DAMAGED, and CALIBRATION_MISSING or CALIBRATION_OTHER where the registry beside the model names another
 */
export async function whiteningFor(
  { model: folder }: Pick<MinerFlags, 'model'>,
  { model }: Pick<Backend, 'model'>,
  log: Log,
): Promise<Whitening | undefined> {
  if (model.level < SKETCH_LEVEL) return undefined
  const registry = await readRegistry(join(dirname(folder), REGISTRY_FILE)).catch((error: unknown) => {
    if (hasCode(error, 'REGISTRY_MISSING')) return undefined
    throw error
  })
  const declared = registry?.registry.models.find(({ hash }) => hash === model.hash)
  const stored = await readRegisteredCalibration(folder, model.hash, declared)
  if (stored === undefined) {
    log.warn(
      { model: model.name, folder },
      'no calibration beside the model: answers come without sketches, and validators that hold one reject them; npm run calibrate makes it',
    )
  }
  return stored?.whitening
}
