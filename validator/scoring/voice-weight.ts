import {
  addJudgements,
  type JudgementCounts,
  judgeAccuracy,
  judgeWeight,
} from '../../shared/consensus/judge-reliability.ts'
import type { ScoringConfig } from './config.ts'
import type { ScoreBook } from './score-book.ts'

/**
 * Weight in nats of a voice's verdicts, from the pooled counts of the book and of the round that is being settled: gold is live,
 * so this round's gold weighs this round's verdicts.
 *
 * @param fresh the voice's gold pairs of this round, summed over its judges; left out for none
 */
export function voiceWeight(
  book: ScoreBook,
  voice: string,
  config: ScoringConfig,
  fresh: JudgementCounts = { right: 0, wrong: 0 },
): number {
  const counts = addJudgements(book.voices[voice] ?? { right: 0, wrong: 0 }, fresh, config.judgeHalfLife)
  return judgeWeight(judgeAccuracy(counts, config.judgePrior))
}
