import type { Backend } from '../shared/inference/engine.ts'
import type { Log } from '../shared/process/logging.ts'
import { readCalibration } from '../shared/proof/sketch/read-calibration.ts'
import type { Whitening } from '../shared/proof/sketch/whitening.ts'
import { SKETCH_LEVEL } from '../shared/verify/sketches.ts'
import type { MinerFlags } from './flags.ts'

/**
 * What sketches of the model's hidden states are made with; undefined where the backend shows none, or the model was never
 * calibrated. @throws StarlingError CALIBRATION_DAMAGED
 */
export async function whiteningFor(
  { model: folder }: Pick<MinerFlags, 'model'>,
  { model }: Pick<Backend, 'model'>,
  log: Log,
): Promise<Whitening | undefined> {
  if (model.level < SKETCH_LEVEL) return undefined
  const stored = await readCalibration(folder, model.hash)
  if (stored === undefined) {
    log.warn(
      { model: model.name, folder },
      'no calibration beside the model: answers come without sketches, and validators that hold one reject them; npm run calibrate makes it',
    )
  }
  return stored?.whitening
}
