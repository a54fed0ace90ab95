import type { Evaluate } from '../inference/reference/evaluate.ts'
import type { ReferenceModel } from '../inference/reference/reference-model.ts'
import { StarlingError } from '../process/errors.ts'
import { printable } from '../process/printable.ts'
import type { DisputeCase, DisputeRequest } from '../protocol/dispute-messages.ts'
import { caseStatement } from './case.ts'
import type { Ask } from './conduct.ts'
import { type Both, disputeFault, faultOf, SIDES, type Side } from './referee.ts'
import { type Ruling, settleCase } from './settle-case.ts'
import { type SignedReply, signedAsk } from './signed-reply.ts'

/** What one side answered to one move: its signed bytes, or in words why there are none. */
export type Entry = SignedReply | { readonly missing: string }

/** Fetches a side's reply to a move; rejects for silence, see `Ask`. */
export type Hear = (request: DisputeRequest) => Promise<SignedReply>

/** A case as it was heard: replies in the order in which each side was asked. */
export interface Hearing {
  readonly replies: Both<readonly Entry[]>
  readonly ruling: ProvenRuling
}

export interface ProvenRuling extends Ruling {
  /** Losers that were silent, or signed with another key: that they were rests on the referee's word alone. */
  readonly unproven: readonly Side[]
}

/** Characters of the reason why nothing was heard. */
export const MISSING_CHARS = 300

/** Hears both sides of a case and settles it. @throws StarlingError DISPUTE_INVALID */
export async function hearCase(
  dispute: DisputeCase,
  reference: ReferenceModel,
  sides: Both<Hear>,
  evaluate: Evaluate,
): Promise<Hearing> {
  const statement = caseStatement(dispute, reference)
  const replies: Both<Entry[]> = { challenger: [], defender: [] }
  const ask: Both<Ask> = {
    challenger: keeping(dispute.challenger, sides.challenger, replies.challenger),
    defender: keeping(dispute.defender, sides.defender, replies.defender),
  }
  const ruling = await settleCase(dispute, statement, { ask, evaluate })
  const isSilent = (side: Side) => replies[side].some((entry) => 'missing' in entry)
  return { replies, ruling: { ...ruling, unproven: SIDES.filter(isSilent) } }
}

/**
 * Hears a case again from what is on record: the same code on the same replies, the one operator included.
 * @throws StarlingError DISPUTE_INVALID; DISPUTE_RECORD where the replies are not those of one whole hearing
 */
export async function hearAgain(
  dispute: DisputeCase,
  reference: ReferenceModel,
  replies: Both<readonly Entry[]>,
  evaluate: Evaluate,
): Promise<ProvenRuling> {
  const left = { challenger: [...replies.challenger], defender: [...replies.defender] }
  const wrong = (what: string) =>
    new StarlingError('DISPUTE_RECORD', `the record ${what}`, 'hear the case again')
  let isShort = false
  const from =
    (side: Side): Hear =>
    async () => {
      const entry = left[side].shift()
      if (entry === undefined) isShort = true
      if (entry === undefined || 'missing' in entry) throw disputeFault(entry?.missing ?? 'is not on record')
      return entry
    }
  const sides = { challenger: from('challenger'), defender: from('defender') }
  const { ruling } = await hearCase(dispute, reference, sides, evaluate)
  if (isShort) throw wrong('ends before the hearing does')
  if (SIDES.some((side) => left[side].length > 0)) throw wrong('goes on after the hearing has ended')
  return ruling
}

/** Keeps what a side said, and nothing that it did not sign. */
function keeping(publicKey: Uint8Array, hear: Hear, entries: Entry[]): Ask {
  return async (request) => {
    let reply: SignedReply | undefined
    const signed = signedAsk(publicKey, async (move) => {
      reply = await hear(move)
      return reply
    })
    try {
      const said = await signed(request)
      entries.push(reply!)
      return said
    } catch (error) {
      const missing = printable(faultOf(error), MISSING_CHARS)
      entries.push({ missing })
      throw disputeFault(missing)
    }
  }
}
