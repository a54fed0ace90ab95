import type { ScoringConfig } from './config.ts'
import type { MinerRecord } from './score-book.ts'

/**
 * The record after a punished reject: nothing is verified any more, and no weight for a window of `penaltyRounds`, doubled for
 * each earlier reject that is not forgotten yet. Rejects of one round are one reject.
 */
export function punish(record: MinerRecord, round: number, config: ScoringConfig): MinerRecord {
  const window = Math.min(config.penaltyMaxRounds, config.penaltyRounds * 2 ** record.strikes)
  return {
    ...record,
    verified: 0,
    cleanRounds: 0,
    strikes: record.strikes + 1,
    penalisedFrom: round < record.penalisedUntil ? record.penalisedFrom : round,
    penalisedUntil: Math.max(record.penalisedUntil, round + window),
  }
}

/** The record after a round with credit and without a reject; every `strikeDecayRounds` of them forget one reject. */
export function countCleanRound(record: MinerRecord, config: ScoringConfig): MinerRecord {
  const cleanRounds = record.cleanRounds + 1
  const forget = cleanRounds % config.strikeDecayRounds === 0
  return { ...record, cleanRounds, strikes: forget ? Math.max(0, record.strikes - 1) : record.strikes }
}

/**
 * First round that may pay a miner again. A hotkey that first appeared while another of its coldkey was penalised shares that
 * window: a new name is no way out of it.
 *
 * @param siblings records of the other hotkeys of its coldkey
 */
export function penalisedUntil(
  record: Pick<MinerRecord, 'firstRound' | 'penalisedUntil'>,
  siblings: readonly MinerRecord[],
): number {
  const inherited = siblings
    .filter(
      (sibling) =>
        sibling.penalisedFrom !== null &&
        record.firstRound > sibling.penalisedFrom &&
        record.firstRound < sibling.penalisedUntil,
    )
    .map((sibling) => sibling.penalisedUntil)
  return Math.max(record.penalisedUntil, ...inherited)
}
