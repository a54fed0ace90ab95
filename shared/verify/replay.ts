import { type AuditDecision, decideReplay } from '../proof/decision.ts'
import { decideMargins, type EvidenceDecision } from '../proof/evidence/decide-margins.ts'
import { gatherEvidence } from '../proof/evidence/evidence.ts'
import { isExactPair, placedFrom } from '../proof/evidence/parameters.ts'
import { calibrationOf, type PairCalibration, type SketchPair } from '../proof/sketch/calibration.ts'
import type { StoredCalibration } from '../proof/sketch/read-calibration.ts'
import { inconclusive, type Reading, type Verifier } from './verifier.ts'

export interface ReplayParts {
  /** By model hash. */
  readonly calibrations: ReadonlyMap<string, StoredCalibration>
  /** Logit error that honest rounding explains where both sides compute exactly alike. */
  readonly tolerance: number
}

/**
 * Level 2: the declared model, with this miner's own seed, chose these tokens. Costs the miner nothing and no byte. Between classes
 * that compute exactly alike one margin is proof; elsewhere their sum decides, and nothing does without a calibration.
 */
export function replayVerifier(parts: ReplayParts): Verifier {
  return {
    name: 'replay',
    level: 2,
    applies: () => true,
    needs: ({ model }, readIn) => ({ tolerance: replayTolerance(parts, pairOf(model, readIn)) }),
    decide({ model }, reading) {
      if (reading === undefined) return inconclusive('the answer was not read')
      const { margins, surprise } = reading
      const figures = { surprise, tokens: margins.length, largestMargin: largestOf(margins) }
      return { ...decideTokens(reading, parts, pairOf(model, reading.executionClass)), figures }
    },
  }
}

/** Within which boundary flips of top-k and top-p are forgiven: see `ReplayRequest`. */
export function replayTolerance(parts: ReplayParts, pair: SketchPair): number {
  return isExactPair(pair) ? parts.tolerance : (measuredOf(parts, pair)?.tolerance ?? parts.tolerance)
}

/** Decides on the tokens alone. */
export function decideTokens(
  { margins, promptTokens }: Pick<Reading, 'margins' | 'promptTokens'>,
  parts: ReplayParts,
  pair: SketchPair,
): EvidenceDecision {
  const parameters = measuredOf(parts, pair)?.evidence.margin
  const placed = placedFrom(promptTokens - 1, margins)
  if (!isExactPair(pair)) return decideMargins(placed, pair, parameters)
  const decision: AuditDecision = decideReplay(margins, parts.tolerance)
  if (decision.verdict !== 'accept') return decision
  const evidence = gatherEvidence(placed, 'margin', pair, parameters)
  return { ...decision, ...(evidence === undefined ? {} : { evidence }) }
}

function measuredOf({ calibrations }: ReplayParts, pair: SketchPair): PairCalibration | undefined {
  return calibrationOf(calibrations.get(pair.model)?.calibration, pair)
}

function pairOf(
  { hash, executionClass }: { readonly hash: string; readonly executionClass: string },
  readIn: string,
): SketchPair {
  return { prover: executionClass, verifier: readIn, model: hash }
}

/** Of the possible tokens: an infinite margin is no figure. */
function largestOf(margins: Float64Array): number {
  return margins.reduce((most, margin) => (Number.isFinite(margin) ? Math.max(most, margin) : most), 0)
}
