import type { StoredCalibration } from '../proof/sketch/read-calibration.ts'
import { replayVerifier } from './replay.ts'
import { sketchVerifier } from './sketches.ts'
import type { Verifier } from './verifier.ts'

/** What answers are judged by. */
export interface VerifierParts {
  /** By model hash; of every model whose level is that of hidden states. */
  readonly calibrations: ReadonlyMap<string, StoredCalibration>
  /** Logit error that honest rounding explains where both sides compute exactly alike. */
  readonly tolerance: number
}

/** The verifiers of this version: validators ask these of every scored answer, and a miner's self-test asks them of its own. */
export function standardVerifiers({ calibrations, tolerance }: VerifierParts): Verifier[] {
  return [replayVerifier(tolerance), sketchVerifier(calibrations)]
}
