import type { ScoringConfig } from './config.ts'
import type { ScoreBook } from './score-book.ts'

/**
 * How many standard errors a miner's gold answers lie from its declared model's, in z: binomial, with the model's rate estimated
 * from the pool under one imaginary right and wrong answer. Decayed counts make it err towards 0. 0 without evidence.
 */
export function goldDeviation(book: ScoreBook, hotkey: string): number {
  const record = book.miners[hotkey]
  const pool = record?.model == null ? undefined : book.models[record.model]
  if (record === undefined || pool === undefined || record.own.gold === 0) return 0
  const rate = (pool.goldRight + 1) / (pool.gold + 2)
  const own = record.own.goldRight / record.own.gold
  return (own - rate) / Math.sqrt((rate * (1 - rate)) / record.own.gold)
}

/** Whether a miner is so far below its model that its operator should look. It is never paid less for it: luck is not proof. */
export function isFarBelowModel(book: ScoreBook, hotkey: string, config: ScoringConfig): boolean {
  return goldDeviation(book, hotkey) < -config.outlierZ
}
