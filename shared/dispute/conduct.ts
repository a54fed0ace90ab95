import type { Evaluate } from '../inference/reference/evaluate.ts'
import { stepName } from '../inference/reference/plan.ts'
import type { DisputeRequest } from './messages.ts'
import { advance, type Both, openCase, type Phase, requestsOf, SIDES, type Side } from './referee.ts'
import type { Statement } from './statement.ts'
import { weigh } from './weigh.ts'

/**
 * How many passes may end at a rounding that the referee, too, can't call wrong before the side that had the rarer one each
 * time loses. Honest runs of 512 tokens of `base` met none in all (see ADR 0010), so this many are no accident.
 */
export const MOST_STRIKES = 6

/** Carries one request to a side and its reply back; a rejection is silence. */
export type Ask = (request: DisputeRequest) => Promise<unknown>

export interface Referee {
  readonly ask: Both<Ask>
  readonly evaluate: Evaluate
  /** Settles when a side's time for this request is over. */
  readonly timeout: (request: DisputeRequest) => Promise<void>
}

export type Verdict =
  | { readonly outcome: 'agreed'; readonly root: Uint8Array }
  | { readonly outcome: 'settled'; readonly losers: readonly Side[]; readonly reason: string }

/** Hears both sides until they agree or one of them is wrong; both may be. */
export async function conductDispute(statement: Statement, referee: Referee): Promise<Verdict> {
  const strikes: Record<Side, number> = { challenger: 0, defender: 0 }
  let pins = statement.pins
  for (;;) {
    const phase = await conductPass({ ...statement, pins }, referee)
    if (phase.at === 'agreed') return { outcome: 'agreed', root: phase.root }
    if (phase.at === 'lost') return { outcome: 'settled', losers: phase.losers, reason: phase.reason }
    const { quarrel } = phase
    const weighed = weigh(quarrel, await referee.evaluate(quarrel.inputs))
    if ('losers' in weighed) return { outcome: 'settled', ...weighed }
    for (const side of weighed.strikes) strikes[side]++
    const losers = SIDES.filter((side) => strikes[side] > MOST_STRIKES)
    if (losers.length > 0) {
      const reason = `${losers.join(' and ')} rounded another way ${MOST_STRIKES + 1} times, last at ${stepName(quarrel.step)}`
      return { outcome: 'settled', losers, reason }
    }
    pins = [...pins, ...weighed.pins]
  }
}

async function conductPass(
  statement: Statement,
  { ask, timeout }: Referee,
): Promise<Extract<Phase, { at: 'agreed' | 'lost' | 'weigh' }>> {
  const dispute = openCase(statement)
  const hear = async (side: Side, request: DisputeRequest) => {
    const reply = (async () => ask[side](request))().catch(() => undefined)
    return Promise.race([reply, timeout(request).then(() => undefined)])
  }
  let phase: Phase = { at: 'commit' }
  for (;;) {
    if (phase.at === 'agreed' || phase.at === 'lost' || phase.at === 'weigh') return phase
    const requests = requestsOf(dispute, phase)!
    const [challenger, defender] = await Promise.all(SIDES.map((side) => hear(side, requests[side])))
    phase = advance(dispute, phase, { challenger, defender })
  }
}
