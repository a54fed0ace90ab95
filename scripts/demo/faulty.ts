import type { RoundEntry } from '../../validator/store/entries.ts'

/** What the demo does to the faulty miner next. */
export type FaultyStep = 'run' | 'kill' | 'restart'

/**
 * The faulty miner's fate: it dies once it has been accepted, so that there is something to lose, and comes back once every
 * validator has noticed.
 * @param journals the rounds of each validator
 */
export function nextFaultyStep(
  state: { readonly isRunning: boolean; readonly restarts: number },
  hotkey: string,
  journals: readonly (readonly RoundEntry[])[],
): FaultyStep {
  const saw = (rounds: readonly RoundEntry[], what: 'accepted' | 'missed') =>
    rounds.some(({ rows }) => rows.some((row) => row.hotkey === hotkey && row[what] > 0))
  if (state.isRunning) {
    return state.restarts === 0 && journals.every((rounds) => saw(rounds, 'accepted')) ? 'kill' : 'run'
  }
  return journals.every((rounds) => saw(rounds, 'missed')) ? 'restart' : 'run'
}
