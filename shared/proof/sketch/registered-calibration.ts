import type { DeclaredModel } from '../../inference/registry/registry.ts'
import { StarlingError } from '../../process/errors.ts'
import { readCalibration, type StoredCalibration } from './read-calibration.ts'

/**
 * Reads what stands beside a model that hidden states are proved of, and sees that its whitening is the one that the registry names:
 * sketches of two whitenings are nothing alike, so whoever has another parts here and not over rejected answers.
 *
 * @param declared the model's entry; undefined where there is no registry
 * @returns undefined where the model was never calibrated, and the registry names no whitening
 * @throws StarlingError CALIBRATION_DAMAGED, CALIBRATION_MISSING, CALIBRATION_OTHER
 */
export async function readRegisteredCalibration(
  modelFolder: string,
  hash: string,
  declared: Pick<DeclaredModel, 'name' | 'whitening'> | undefined,
): Promise<StoredCalibration | undefined> {
  const stored = await readCalibration(modelFolder, hash)
  const [named, own] = [declared?.whitening, stored?.calibration.whitening.sha256]
  if (named === undefined || named === own) return stored
  if (own === undefined) {
    throw new StarlingError(
      'CALIBRATION_MISSING',
      `the registry names a whitening of ${declared!.name}, and ${modelFolder} holds no calibration of it`,
      'restore the folder “calibration” that came with the model',
    )
  }
  throw new StarlingError(
    'CALIBRATION_OTHER',
    `the whitening in ${modelFolder} is ${own.slice(0, 12)}…, and the registry names ${named.slice(0, 12)}…`,
    'restore the folder “calibration” that came with the model; to replace it for all of a subnet, npm run registry',
  )
}
