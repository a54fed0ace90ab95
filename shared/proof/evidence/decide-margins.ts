import type { AuditDecision } from '../decision.ts'
import { type Evidence, gatherEvidence, incrementsOf } from './evidence.ts'
import { type ClassPair, type EvidenceParameters, type PlacedValues, pairName } from './parameters.ts'

/** The decision on one answer, and what it adds to the evidence over many. */
export interface EvidenceDecision extends AuditDecision {
  /** Left out when the answer was not accepted. */
  readonly evidence?: Evidence
}

/**
 * Decides on an answer from its replay, in any class: where honest margins are far from 0 no single one is proof, but their
 * sum above k is. An answer that alone raises the alarm is rejected; an accepted one leaves its evidence behind. A token at a
 * position that was never calibrated keeps an answer from being accepted, and never gets it rejected.
 *
 * @param margins one a token, in logit units; not finite where the token was outside of top-k or top-p
 * @param parameters undefined where the pair was not calibrated, which is inconclusive
 */
export function decideMargins(
  margins: PlacedValues,
  pair: ClassPair,
  parameters: EvidenceParameters | undefined,
): EvidenceDecision {
  const inconclusive = (reason: string): EvidenceDecision => ({ verdict: 'inconclusive', reason })
  if (parameters === undefined) return inconclusive(`margins of ${pairName(pair)} are not calibrated`)
  const evidence = gatherEvidence(margins, 'margin', pair, parameters)
  if (evidence === undefined) return inconclusive('replay gave no margin for a token')
  if (evidence.peak >= 1) {
    const times = evidence.peak.toPrecision(3)
    return {
      verdict: 'reject',
      reason: `margins add up to ${times} times what rounding explains in ${evidence.pair}`,
    }
  }
  const unknown = margins.values.length - incrementsOf(margins, parameters).length
  return unknown === 0
    ? { verdict: 'accept', reason: '', evidence }
    : inconclusive(
        `${unknown} of ${margins.values.length} tokens at positions that are not calibrated in ${evidence.pair}`,
      )
}
