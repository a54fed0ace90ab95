import type { ScoringConfig } from './config.ts'
import type { Reaudit } from './outcome.ts'
import type { Breaker, MinerRecord } from './score-book.ts'

/** What the circuit breaker needs to know of a round. */
export interface BreakerInput {
  readonly round: number
  /** Hotkeys with a reject this round. */
  readonly rejected: ReadonlySet<string>
  /** Hotkeys with an accept or a reject this round. */
  readonly audited: ReadonlySet<string>
  readonly controlsPassed: boolean
  readonly reaudits: readonly Reaudit[]
}

/** The breaker after a round, and the hotkeys whose rejects, held or fresh, are to be punished now. */
export interface BreakerStep {
  readonly breaker: Breaker
  readonly punished: ReadonlySet<string>
}

/**
 * Decides which rejects are punished now and which are held, unpaid, because the validator itself may be at fault.
 *
 * A pause opens when the controls fail, or when more than `breakerShare` of the established miners audited this round reject. It
 * ends after `breakerRounds`; then every reject still held is punished if the controls pass, and dropped if they fail. A
 * second audit settles a held reject sooner. Deferring, instead of forgiving, is what stops 31 % of the miners from
 * rejecting for ever unpunished: once punished, they are no longer established.
 */
export function stepBreaker(
  breaker: Breaker,
  miners: Readonly<Record<string, MinerRecord>>,
  input: BreakerInput,
  config: ScoringConfig,
): BreakerStep {
  const { round, rejected, controlsPassed } = input
  const held = new Map(Object.entries(breaker.held))
  const punished = settleReaudits(held, input.reaudits)
  let openUntil = breaker.openUntil
  if (openUntil !== null && round >= openUntil) {
    if (controlsPassed) for (const hotkey of held.keys()) punished.add(hotkey)
    held.clear()
    openUntil = null
  }
  if (openUntil === null && (!controlsPassed || manyEstablishedReject(miners, input, punished, config))) {
    openUntil = round + config.breakerRounds
  }
  for (const hotkey of [...rejected].sort()) {
    if (openUntil === null) punished.add(hotkey)
    else if (!held.has(hotkey)) held.set(hotkey, round)
  }
  return { breaker: { openUntil, held: Object.fromEntries(held) }, punished }
}

/** Removes what second audits have settled from `held`; returns the hotkeys that they rejected again. */
function settleReaudits(held: Map<string, number>, reaudits: readonly Reaudit[]): Set<string> {
  const settled = reaudits.filter(({ hotkey, verdict }) => held.has(hotkey) && verdict !== 'inconclusive')
  const punished = settled.filter(({ verdict }) => verdict === 'reject').map(({ hotkey }) => hotkey)
  for (const { hotkey } of settled) held.delete(hotkey)
  return new Set(punished)
}

function manyEstablishedReject(
  miners: Readonly<Record<string, MinerRecord>>,
  { audited, rejected }: BreakerInput,
  punished: ReadonlySet<string>,
  config: ScoringConfig,
): boolean {
  const established = [...audited].filter(
    (hotkey) => !punished.has(hotkey) && (miners[hotkey]?.cleanRounds ?? 0) >= config.breakerCleanRounds,
  )
  const rejecting = established.filter((hotkey) => rejected.has(hotkey)).length
  return established.length >= config.breakerMinimum && rejecting > config.breakerShare * established.length
}
