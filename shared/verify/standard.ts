import { type ReplayParts, replayVerifier } from './replay.ts'
import { sketchVerifier } from './sketches.ts'
import type { Verifier } from './verifier.ts'

/** What answers are judged by; `calibrations` holds every model whose level is that of hidden states. */
export type VerifierParts = ReplayParts

/** The verifiers of this version: validators ask these of every scored answer, and a miner's self-test asks them of its own. */
export function standardVerifiers(parts: VerifierParts): Verifier[] {
  return [replayVerifier(parts), sketchVerifier(parts.calibrations)]
}
