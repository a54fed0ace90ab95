import { ANSWER_RESULTS, type AnswerResult } from '../metrics.ts'
import type { RoundEntry } from '../store/entries.ts'
import type { RoundPhase } from './events.ts'

/** A settled round, as plots show it. */
export interface SeenRound {
  readonly round: number
  readonly seconds: number
  /** Seconds by phase. */
  readonly phases: Readonly<Partial<Record<RoundPhase, number>>>
  readonly answers: Readonly<Record<AnswerResult, number>>
  readonly judges: { readonly asked: number; readonly delivered: number }
  readonly verdicts: { readonly delivered: number; readonly replayed: number; readonly mismatched: number }
  /** By hotkey, of everybody registered. */
  readonly scores: ReadonlyMap<string, number>
}

/** Rounds that plots go back: more than half a day of rounds of five minutes. */
export const REMEMBERED_ROUNDS = 150

/** What of a settled round is worth a plot. */
export function seenRound(
  { round, milliseconds, outcome }: RoundEntry,
  phases: SeenRound['phases'],
  scores: ReadonlyMap<string, number>,
): SeenRound {
  const answers = Object.fromEntries(ANSWER_RESULTS.map((result) => [result, 0])) as Record<
    AnswerResult,
    number
  >
  for (const { result } of outcome.answers) answers[result]++
  const checks = outcome.judges.flatMap(({ checks }) => checks ?? [])
  const sum = (of: 'verdicts' | 'replayed' | 'mismatched') =>
    checks.reduce((total, one) => total + one[of], 0)
  return {
    round,
    seconds: milliseconds / 1000,
    phases,
    answers,
    judges: {
      asked: outcome.judges.length,
      delivered: outcome.judges.filter(({ completed }) => completed > 0).length,
    },
    verdicts: { delivered: sum('verdicts'), replayed: sum('replayed'), mismatched: sum('mismatched') },
    scores,
  }
}
