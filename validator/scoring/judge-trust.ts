import { judgeAccuracy, judgeWeight } from '../../shared/consensus/judge-reliability.ts'
import type { ScoringConfig } from './config.ts'
import type { ScoreBook } from './score-book.ts'
import { isSilenced } from './verdict-strikes.ts'

/**
 * How far one judge is to be trusted by its own gold pairs alone, in nats: 0 at chance, and while it is silenced. For people to read;
 * the fit goes by the weight of its voice. Undefined for a hotkey that never judged.
 */
export function judgeTrust(
  { miners }: Pick<ScoreBook, 'miners'>,
  hotkey: string,
  config: ScoringConfig,
): number | undefined {
  const record = miners[hotkey]
  if (record === undefined || record.judge === null) return undefined
  if (isSilenced(record, undefined, config)) return 0
  return judgeWeight(judgeAccuracy(record.judge.counts, config.judgePrior))
}
