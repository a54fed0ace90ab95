import { leafCount, POSITIONS_PER_LEAF } from '../../shared/proof/answer-root.ts'
import { decideSketches, type SketchDecision } from '../../shared/proof/sketch/decision.ts'
import { sketchMatrix } from '../../shared/proof/sketch/matrix.ts'
import { openedLeaves, openingFault } from '../../shared/proof/sketch/opening.ts'
import type { StoredCalibration } from '../../shared/proof/sketch/read-calibration.ts'
import type { Reveal } from '../../shared/protocol/messages.ts'

/** What a replay has to compute for the opened leaves of an answer. */
export interface SketchCheck {
  readonly matrix: Float32Array
  /** Answer positions, leaf after leaf. */
  readonly positions: readonly number[]
}

/** What must be proved of the hidden states behind one answer. */
export interface SketchClaim {
  readonly challenge: Uint8Array
  /** The commit's. */
  readonly digest: Uint8Array
  readonly beacon: Uint8Array
  readonly reveal: Reveal
}

/** Checks, without a model, that the leaves which the beacon asks for were opened from the committed tree. @returns what is wrong */
export function proofFault({ digest, beacon, reveal }: SketchClaim): string | undefined {
  const { tokens, sketchRoot, openings } = reveal
  if (openings.length === 0)
    return 'no hidden states were committed: the miner lacks the calibration that comes with the model'
  const asked = openedLeaves(beacon, digest, leafCount(tokens.length))
  return openingFault({ tokens, root: sketchRoot }, asked, openings)
}

/** What to ask of the replay of an answer whose proof has no fault. */
export function sketchCheck(
  { challenge, reveal }: SketchClaim,
  { whitening }: StoredCalibration,
): SketchCheck {
  const positions = reveal.openings.flatMap(({ index }) => leafPositions(index, reveal.tokens.length))
  return { matrix: sketchMatrix(challenge, whitening), positions }
}

/**
 * Compares the opened sketches with the validator's own.
 * @param own row-major [positions of the check, SKETCH_VALUES]
 * @param classes in which miner and validator compute
 */
export function judgeSketches(
  { reveal }: SketchClaim,
  { calibration }: StoredCalibration,
  own: Float32Array,
  promptTokens: number,
  classes: { readonly prover: string; readonly verifier: string },
): SketchDecision {
  let at = 0
  const leaves = reveal.openings.map(({ index, sketches }) => {
    const part = own.subarray(at, at + sketches.length)
    at += sketches.length
    return { position: promptTokens - 1 + index * POSITIONS_PER_LEAF, claimed: sketches, own: part }
  })
  return decideSketches(calibration, { ...classes, model: calibration.model }, leaves)
}

function leafPositions(index: number, tokens: number): number[] {
  const first = index * POSITIONS_PER_LEAF
  return Array.from({ length: Math.min(POSITIONS_PER_LEAF, tokens - first) }, (_, i) => first + i)
}
