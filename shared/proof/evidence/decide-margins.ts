import type { AuditDecision } from '../decision.ts'
import { type Evidence, gatherEvidence } from './evidence.ts'
import { type ClassPair, type EvidenceParameters, pairName } from './parameters.ts'

/** The decision on one answer, and what it adds to the evidence over many. */
export interface EvidenceDecision extends AuditDecision {
  /** Left out when the answer was not accepted. */
  readonly evidence?: Evidence
}

/**
 * Decides on an answer from its replay, in any class: where honest margins are far from 0 no single one is proof, but their
 * sum above k is. An answer that alone raises the alarm is rejected; an accepted one leaves its evidence behind.
 *
 * @param margins one a token, in logit units; not finite where the token was outside of top-k or top-p
 * @param parameters undefined where the pair was not calibrated, which is inconclusive
 */
export function decideMargins(
  margins: ArrayLike<number>,
  pair: ClassPair,
  parameters: EvidenceParameters | undefined,
): EvidenceDecision {
  if (parameters === undefined) {
    return { verdict: 'inconclusive', reason: `margins of ${pairName(pair)} are not calibrated` }
  }
  const evidence = gatherEvidence(margins, 'margin', pair, parameters)
  if (evidence === undefined) return { verdict: 'inconclusive', reason: 'replay gave no margin for a token' }
  if (evidence.peak < 1) return { verdict: 'accept', reason: '', evidence }
  const times = evidence.peak.toPrecision(3)
  return {
    verdict: 'reject',
    reason: `margins add up to ${times} times what rounding explains in ${evidence.pair}`,
  }
}
