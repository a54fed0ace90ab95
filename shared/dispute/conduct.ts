import type { Evaluate } from '../inference/reference/evaluate.ts'
import { stepName } from '../inference/reference/plan.ts'
import type { DisputeRequest } from '../protocol/dispute-messages.ts'
import {
  advance,
  type Both,
  faultOf,
  type Heard,
  openCase,
  type Phase,
  type Roots,
  requestsOf,
  SIDES,
  type Side,
} from './referee.ts'
import type { Statement } from './statement.ts'
import { weigh } from './weigh.ts'

/**
 * How many values of a side may be settled by a rounding that the referee, too, can't call wrong before it loses. Honest runs
 * of 512 tokens of `base` met none in all (see ADR 0010), so this many are no accident.
 */
export const MOST_STRIKES = 6

/** Carries one request to a side and its reply back. It rejects for silence, and with `disputeFault` where it knows more. */
export type Ask = (request: DisputeRequest) => Promise<unknown>

export interface Referee {
  readonly ask: Both<Ask>
  readonly evaluate: Evaluate
  /** Settles when a side's time for this request is over; not needed where `ask` itself gives up. */
  readonly timeout?: (request: DisputeRequest) => Promise<void>
}

interface Settled {
  readonly outcome: 'settled'
  readonly losers: readonly Side[]
  readonly reason: string
  readonly roots: Roots
}

export type Verdict = (Settled | { readonly outcome: 'agreed'; readonly root: Uint8Array }) & {
  /** With the roundings that were settled on the way: what the roots are of. */
  readonly statement: Statement
}

/** Hears both sides until they agree or one of them is wrong; both may be. */
export async function conductDispute(first: Statement, referee: Referee): Promise<Verdict> {
  const strikes: Record<Side, number> = { challenger: 0, defender: 0 }
  let statement = first
  const settled = (facts: Omit<Settled, 'outcome'>): Verdict => ({ outcome: 'settled', ...facts, statement })
  for (;;) {
    const phase = await conductPass(statement, referee)
    if (phase.at === 'agreed') return { outcome: 'agreed', root: phase.root, statement }
    const { roots } = phase
    if (phase.at === 'lost') return settled({ losers: phase.losers, reason: phase.reason, roots })
    const { quarrel } = phase
    const weighed = weigh(quarrel, await referee.evaluate(quarrel.inputs))
    if ('losers' in weighed) return settled({ ...weighed, roots })
    for (const side of weighed.strikes) strikes[side]++
    const losers = SIDES.filter((side) => strikes[side] > MOST_STRIKES)
    if (losers.length > 0) {
      const reason = `${losers.join(' and ')} rounded another way ${MOST_STRIKES + 1} times or more, last at ${stepName(quarrel.step)}`
      return settled({ losers, reason, roots })
    }
    statement = { ...statement, pins: [...statement.pins, ...weighed.pins] }
  }
}

async function conductPass(
  statement: Statement,
  referee: Referee,
): Promise<Extract<Phase, { at: 'agreed' | 'lost' | 'weigh' }>> {
  const dispute = openCase(statement)
  let phase: Phase = { at: 'commit' }
  for (;;) {
    if (phase.at === 'agreed' || phase.at === 'lost' || phase.at === 'weigh') return phase
    const requests = requestsOf(dispute, phase)!
    const [challenger, defender] = await Promise.all(
      SIDES.map((side) => hearSide(referee, side, requests[side])),
    )
    phase = advance(dispute, phase, { challenger: challenger!, defender: defender! })
  }
}

/** Asks one side; what it does not say in time counts as silence. */
export async function hearSide(
  { ask, timeout }: Pick<Referee, 'ask' | 'timeout'>,
  side: Side,
  request: DisputeRequest,
): Promise<Heard> {
  const reply = (async () => ask[side](request))().then(
    (said): Heard => ({ said }),
    (error: unknown): Heard => ({ fault: faultOf(error) }),
  )
  if (timeout === undefined) return reply
  return Promise.race([reply, timeout(request).then((): Heard => ({ said: undefined }))])
}
