import { signerFromUri } from '../../shared/chain/wallet/dev-keys.ts'
import type { MinerRow } from '../../shared/proof/miner-row.ts'
import { makeReceipts, type RowReceipt } from '../../shared/proof/receipt.ts'

export const VALIDATOR = signerFromUri('//receipts-validator')
export const MINER = signerFromUri('//receipts-miner')

/** A row whose score is what its parts make, with the default formula. */
export function makeRow(change: Partial<MinerRow> = {}): MinerRow {
  return {
    hotkey: MINER.address,
    uid: 3,
    model: 'small',
    score: 0.8 * 0.48 + 0.2 * 0.25,
    answer: 0.48,
    judge: 0.25,
    verified: 0.8,
    quality: 0.6,
    terms: { judgeShare: 0.2, qualityExponent: 1, speedExponent: 0, speed: 0.9, coldkeyShare: 1 },
    accepted: 9,
    rejected: 0,
    inconclusive: 0,
    missed: 1,
    refused: 0,
    goldAsked: 6,
    goldRight: 5,
    winRate: 0.52,
    surprise: 61.2,
    penalisedUntil: 0,
    reasons: [],
    ...change,
  }
}

/** Two rows of one round, of which the second is the miner's, signed by the validator. */
export function makeReceipt(round: number, row: MinerRow = makeRow()): RowReceipt {
  const rows = [makeRow({ hotkey: 'other' }), row].map((one) => new TextEncoder().encode(JSON.stringify(one)))
  return makeReceipts({ round, rows }, VALIDATOR.sign)[1]!
}
