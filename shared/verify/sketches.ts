import type { VerificationLevel } from '../inference/engine.ts'
import { StarlingError } from '../process/errors.ts'
import { leafCount, POSITIONS_PER_LEAF } from '../proof/answer-root.ts'
import { toHex } from '../proof/hash.ts'
import { decideSketches, type OpenedLeaf } from '../proof/sketch/decision.ts'
import { sketchMatrix } from '../proof/sketch/matrix.ts'
import { openedLeaves, openedRoot, openingFault } from '../proof/sketch/opening.ts'
import type { StoredCalibration } from '../proof/sketch/read-calibration.ts'
import type { Whitening } from '../proof/sketch/whitening.ts'
import type { Claim, ClaimedModel } from './claim.ts'
import { inconclusive, type Reading, type ReadingNeeds, reject, type Verifier } from './verifier.ts'

/** The level at which hidden states are proved. */
export const SKETCH_LEVEL: VerificationLevel = 3

type Calibrations = ReadonlyMap<string, StoredCalibration>

/**
 * Level 3: the hidden states behind these tokens are those that the declared model computes, at the declared precision. Seen
 * from sketches of eight rows at places that nobody knew when the commit was made.
 * @param calibrations by model hash; of every model at that level, or its answers are not judged at all: CALIBRATION_MISSING
 */
export function sketchVerifier(calibrations: Calibrations): Verifier {
  const matrixOf = keptMatrices()
  return {
    name: 'sketches',
    level: SKETCH_LEVEL,
    applies: ({ model }) => model.level >= SKETCH_LEVEL,
    needs(claim) {
      calibrationOf(calibrations, claim.model)
      return proofFault(claim) === undefined ? projection(claim, calibrations, matrixOf) : undefined
    },
    decide(claim, reading) {
      const fault = proofFault(claim)
      if (fault !== undefined) return reject(fault)
      if (reading?.projected === undefined) return inconclusive('no hidden states were read')
      const { hash, executionClass } = claim.model
      const { calibration } = calibrationOf(calibrations, claim.model)
      const pair = { prover: executionClass, verifier: reading.executionClass, model: hash }
      const decision = decideSketches(calibration, pair, leavesOf(claim, reading, reading.projected))
      const { excess, ...finding } = decision
      // As a share, since thresholds differ by position.
      const figures = excess === undefined ? {} : { shareOfThreshold: Math.exp(excess) }
      return { ...finding, figures }
    },
  }
}

/** Silence would be a level less: what a model's level promises is either compared, or nothing is decided. */
function calibrationOf(calibrations: Calibrations, { name, hash }: ClaimedModel): StoredCalibration {
  const stored = calibrations.get(hash)
  if (stored !== undefined) return stored
  throw new StarlingError(
    'CALIBRATION_MISSING',
    `hidden states of ${name} must be proved, and this validator has no calibration to compare them by`,
    'restore the folder “calibration” beside the model, and start again',
  )
}

/** Checks, without a model, that the leaves which the beacon asks for were opened from the committed tree. @returns what is wrong */
function proofFault({ digest, beacon, reveal }: Claim): string | undefined {
  const { tokens, openings } = reveal
  const [first] = openings
  if (first === undefined)
    return 'no hidden states were committed: the miner lacks the calibration that comes with the model'
  const root = openedRoot(tokens, first)
  if (root === undefined) return `leaf ${first.index} leads to no root`
  const asked = openedLeaves(beacon, digest, leafCount(tokens.length))
  return openingFault({ tokens, root }, asked, openings)
}

type MatrixOf = (challenge: Uint8Array, whitening: Whitening) => Float32Array

/** `sketchMatrix`, computed once for all answers to a challenge: it takes as long as a signature. */
function keptMatrices(): MatrixOf {
  const kept = new WeakMap<Whitening, Map<string, Float32Array>>()
  return (challenge, whitening) => {
    const matrices = kept.get(whitening) ?? new Map<string, Float32Array>()
    kept.set(whitening, matrices)
    const id = toHex(challenge)
    const matrix = matrices.get(id) ?? sketchMatrix(challenge, whitening)
    matrices.set(id, matrix)
    return matrix
  }
}

function projection(
  { challenge, model, reveal }: Claim,
  calibrations: Calibrations,
  matrixOf: MatrixOf,
): ReadingNeeds {
  const { whitening } = calibrationOf(calibrations, model)
  const positions = reveal.openings.flatMap(({ index }) => leafPositions(index, reveal.tokens.length))
  return { projectionAt: { matrix: matrixOf(challenge.id, whitening), positions } }
}

/** The opened leaves beside what was read in their place. */
function leavesOf({ reveal }: Claim, { promptTokens }: Reading, own: Float32Array): OpenedLeaf[] {
  let at = 0
  return reveal.openings.map(({ index, sketches }) => {
    const part = own.subarray(at, at + sketches.length)
    at += sketches.length
    return { position: promptTokens - 1 + index * POSITIONS_PER_LEAF, claimed: sketches, own: part }
  })
}

function leafPositions(index: number, tokens: number): number[] {
  const first = index * POSITIONS_PER_LEAF
  return Array.from({ length: Math.min(POSITIONS_PER_LEAF, tokens - first) }, (_, i) => first + i)
}
