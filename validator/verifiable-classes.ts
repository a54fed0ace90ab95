import type { VerificationLevel } from '../shared/inference/engine.ts'
import { openModel } from '../shared/inference/open-model.ts'
import type { Precision } from '../shared/inference/precision.ts'
import { declaredLevel, type Registry } from '../shared/inference/registry/registry.ts'
import { hasCode } from '../shared/process/errors.ts'
import type { Log } from '../shared/process/logging.ts'
import { isExactPair } from '../shared/proof/evidence/parameters.ts'
import { calibrationOf } from '../shared/proof/sketch/calibration.ts'
import type { StoredCalibration } from '../shared/proof/sketch/read-calibration.ts'

/** What is left without a calibration. */
const UNCALIBRATED_LEVEL: VerificationLevel = 2

/** A way to compute a model, and what it proves. */
export interface VerifiableClass {
  readonly precision: Precision
  readonly level: VerificationLevel
}

export interface ClassParts {
  readonly registry: Registry
  readonly stored: StoredCalibration | undefined
  readonly log: Log
}

/**
 * In which of these precisions a model's answers can be judged, and at which level they count then. A class that is not, is left out with a
 * warning. @throws StarlingError CLASS_UNDECLARED where the registry holds the model in none of them
 */
export async function verifiableClasses(
  modelFolder: string,
  precisions: readonly Precision[],
  { registry, stored, log }: ClassParts,
): Promise<VerifiableClass[]> {
  const classes: VerifiableClass[] = []
  let undeclared: unknown
  for (const precision of precisions) {
    const { name, hash, executionClass: own } = (await openModel(modelFolder, 'cpu', precision)).info
    const pair = { prover: own, verifier: own, model: hash }
    try {
      const granted = declaredLevel(registry, hash, own)
      if (!isExactPair(pair) && calibrationOf(stored?.calibration, pair) === undefined) {
        const remedy = `npm run calibrate -- --model ${modelFolder} --prover-precision ${precision}`
        log.warn({ model: name, class: own, remedy }, 'class was not calibrated, and so is not verified')
        continue
      }
      // Hidden states can't be compared with nothing to compare them by.
      const level = stored === undefined && granted > UNCALIBRATED_LEVEL ? UNCALIBRATED_LEVEL : granted
      classes.push({ precision, level })
    } catch (error) {
      if (!hasCode(error, 'CLASS_UNDECLARED')) throw error
      undeclared = error
      log.warn({ model: name, class: own }, 'the registry does not hold the model in this class')
    }
  }
  if (classes.length === 0 && undeclared !== undefined) throw undeclared
  return classes
}
