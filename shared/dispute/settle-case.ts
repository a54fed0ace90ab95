import type { DisputeCase, DisputeRequest } from '../protocol/dispute-messages.ts'
import { conductDispute, hearSide, type Referee } from './conduct.ts'
import { type AnswerRuling, disputedChunk, judgeAnswer } from './judge-answer.ts'
import { readReply, SIDES, type Side } from './referee.ts'
import { type Statement, statementDigest } from './statement.ts'

/** How a case ended. */
export interface Ruling {
  /** Sides that were wrong, or not heard, about the run; none where both ran the same. */
  readonly losers: readonly Side[]
  /** Why; empty without losers. */
  readonly reason: string
  /** The answer by the trace that stands; undefined where no side is left that opens one. */
  readonly answer: AnswerRuling | undefined
}

/**
 * Settles a case: which side's run stands, and whether the model chose the token in dispute. Where both ran the same, either
 * opening of the logits will do; otherwise it is the winner's.
 */
export async function settleCase(dispute: DisputeCase, first: Statement, referee: Referee): Promise<Ruling> {
  const verdict = await conductDispute(first, referee)
  const { statement } = verdict
  const lost = verdict.outcome === 'agreed' ? [] : [...verdict.losers]
  const reasons = verdict.outcome === 'agreed' ? [] : [verdict.reason]
  const request: DisputeRequest = {
    type: 'logits-request',
    dispute: statementDigest(statement),
    chunk: disputedChunk(dispute, statement.plan),
  }
  let answer: AnswerRuling | undefined
  for (const side of SIDES.filter((some) => !lost.includes(some))) {
    const root = verdict.outcome === 'agreed' ? verdict.root : verdict.roots[side]
    if (root === undefined || answer !== undefined) continue
    const reply = readReply(request.dispute, await hearSide(referee, side, request), 'logits')
    const judged = 'fault' in reply ? reply : judgeAnswer(dispute, statement, root, reply)
    if ('fault' in judged) {
      lost.push(side)
      reasons.push(`the ${side} ${judged.fault}`)
    } else answer = judged
  }
  return { losers: lost, reason: reasons.join('; '), answer }
}
