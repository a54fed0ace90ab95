import type { RoundEntry } from '../../validator/store/entries.ts'

/** What the demo does to the faulty miner next. */
export type FaultyStep = 'run' | 'kill' | 'restart'

/** Rounds that every validator must have missed it in: one alone could be a slow start. */
const MISSED_ROUNDS = 2

/**
 * The faulty miner's fate: it dies once it has been accepted, so that there is something to lose, and comes back once every
 * validator has missed it for a while.
 * @param journals the rounds of each validator
 */
export function nextFaultyStep(
  state: { readonly isRunning: boolean; readonly restarts: number },
  hotkey: string,
  journals: readonly (readonly RoundEntry[])[],
): FaultyStep {
  const roundsWith = (what: 'accepted' | 'missed', rounds: readonly RoundEntry[]) =>
    rounds.filter(({ rows }) => rows.some((row) => row.hotkey === hotkey && row[what] > 0)).length
  if (state.isRunning) {
    const isKnown = journals.every((rounds) => roundsWith('accepted', rounds) > 0)
    return state.restarts === 0 && isKnown ? 'kill' : 'run'
  }
  return journals.every((rounds) => roundsWith('missed', rounds) >= MISSED_ROUNDS) ? 'restart' : 'run'
}
