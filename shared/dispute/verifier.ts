import { equalBytes, toHex } from '../proof/hash.ts'
import type { DisputeCase } from '../protocol/dispute-messages.ts'
import type { Claim } from '../verify/claim.ts'
import { type Finding, inconclusive, type Verifier } from '../verify/verifier.ts'
import { caseCommit } from './case.ts'
import type { ProvenRuling } from './hear-case.ts'

/** A dispute that `checkRecord` found in order. */
export interface SettledCase {
  readonly case: DisputeCase
  readonly ruling: ProvenRuling
}

/**
 * Level 4: a third party settled whether the model chose a token of this answer, and everybody can repeat how. It applies to the
 * answers of which there is such a record, and reads nothing.
 */
export function disputeVerifier(settled: readonly SettledCase[]): Verifier {
  const byCommit = new Map(settled.map((one) => [toHex(caseCommit(one.case)), one]))
  return {
    name: 'dispute',
    level: 4,
    applies: ({ digest }) => byCommit.has(toHex(digest)),
    needs: () => undefined,
    decide: (claim) => findingOf(claim, byCommit.get(toHex(claim.digest))!),
  }
}

function findingOf(claim: Claim, { case: dispute, ruling }: SettledCase): Finding {
  // The commit binds neither, so a case about another question would fit it as well.
  if (!isAbout(claim, dispute)) return inconclusive('the dispute was about another prompt or sampling')
  const { answer, unproven } = ruling
  if (unproven.length > 0)
    return inconclusive(`that the ${unproven[0]} was silent rests on the referee’s word`)
  if (answer === undefined) return inconclusive(`the dispute left no run to judge by: ${ruling.reason}`)
  const figures = Number.isFinite(answer.margin) ? { margin: answer.margin } : {}
  return { verdict: answer.verdict, reason: answer.reason, figures }
}

function isAbout(claim: Claim, { challenge, prompt, sampling }: DisputeCase): boolean {
  const { temperature, topK, topP } = claim.sampling
  return (
    equalBytes(challenge, claim.challenge.id) &&
    prompt === claim.challenge.prompt &&
    sampling.temperature === temperature &&
    sampling.topK === topK &&
    sampling.topP === topP &&
    sampling.maxTokens === claim.maxTokens
  )
}
