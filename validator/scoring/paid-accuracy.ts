import { type JudgementCounts, judgeAccuracy } from '../../shared/consensus/judge-reliability.ts'
import type { ScoringConfig } from './config.ts'
import type { MinerRecord } from './score-book.ts'

/**
 * The accuracy, in (0, 1), that a judge is paid by. Prompted judges of one voice differ by luck: replays say that their verdicts are their
 * model's, under seeds of their own. So theirs is that of their gold pairs after `judgePooling` pairs at the accuracy of the voice, and
 * what no replay can tell, in classes that were never calibrated, still comes out. Likelihood judges share one pay, each by its own pairs.
 *
 * @param voice decayed gold pairs of all judges of its model and method
 */
export function paidAccuracy(
  { method, counts: own }: Pick<NonNullable<MinerRecord['judge']>, 'method' | 'counts'>,
  voice: JudgementCounts | undefined,
  { judgePrior, judgePooling }: Pick<ScoringConfig, 'judgePrior' | 'judgePooling'>,
): number {
  if (method === 'likelihood' || voice === undefined || judgePooling === 0)
    return judgeAccuracy(own, judgePrior)
  const start = judgePooling * judgeAccuracy(voice, judgePrior)
  return (own.right + start) / (own.right + own.wrong + judgePooling)
}
