import { StarlingError } from '../../shared/process/errors.ts'
import type { Attempt, CommittedAnswer, Missing, Part } from './types.ts'

/** Rounds in a row that may count for nobody: an hour of them. Silence that lasts is the miners’. */
export const MOST_UNHEARD = 12

/** Miners, and coldkeys, that must have been asked: the silence of fewer may well be their own. */
const LEAST_ASKED = 3

/**
 * How long miners keep an answer for its reveal, in milliseconds from their commit. A round whose chain was away for longer gets no
 * reveals, and not for the miners’ fault.
 */
const ANSWERS_KEPT_MS = 300_000

type Asked = Part & (Pick<CommittedAnswer, 'commit'> | Missing)

/**
 * Gives a round up in which not one of all the miners that were asked was heard, not even to refuse: then the silence is this
 * machine’s. Pay is by comparison, so whoever keeps silent to bring that about needs everybody else’s silence, too, and gains nothing
 * over them; one miner that answers makes the round count.
 * @param before rounds in a row that this was true of until now
 * @throws StarlingError ROUND_UNHEARD
 */
export function heardSomebody(round: number, asked: readonly (Asked | Attempt)[], before: number): void {
  const miners = new Set(asked.map(({ miner }) => miner.hotkey)).size
  const coldkeys = new Set(asked.map(({ miner }) => miner.coldkey)).size
  if (coldkeys < LEAST_ASKED || before >= MOST_UNHEARD) return
  if (asked.some((answer) => !('result' in answer) || answer.result !== 'missed' || answer.heard === true))
    return
  throw new StarlingError(
    'ROUND_UNHEARD',
    `none of ${miners} miners was heard in round ${round}, which counts for nobody`,
    'see whether this machine’s network reaches them',
  )
}

/**
 * Gives a round up whose answers the miners have dropped by now, as the chain took so long.
 * @param milliseconds since the round began
 * @throws StarlingError ANCHOR_LATE
 */
export function answersAreKept(round: number, milliseconds: number): void {
  if (milliseconds <= ANSWERS_KEPT_MS) return
  throw new StarlingError(
    'ANCHOR_LATE',
    `the chain took ${Math.round(milliseconds / 1000)} s for the anchor of round ${round}, which is given up`,
    'see whether the chain’s endpoints are reached',
  )
}
