import type { Signer } from '../../shared/chain/wallet/signer.ts'
import type { MinerRow } from '../../shared/proof/miner-row.ts'
import { makeReceipts, receiptMessage, roundRoot } from '../../shared/proof/receipt.ts'
import type { Participant } from './types.ts'

/** The bytes of a row, as they stand under the root and travel to the miner. */
export function encodeRow(row: MinerRow): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(row))
}

/** Root of a round over the encoded rows. */
export function rootOfRows(rows: readonly MinerRow[]): Uint8Array {
  return roundRoot(rows.map(encodeRow))
}

/** The validator's signature over the rows' root: what every receipt of the round carries, and its published file. */
export function signRows(
  round: number,
  rows: readonly MinerRow[],
  { sign }: Pick<Signer, 'sign'>,
): Uint8Array {
  return sign(receiptMessage(round, rows.length, rootOfRows(rows)))
}

/**
 * Sends every participant its row with the path to the signed root. A miner that does not take it has lost nothing: the root
 * stands in the journal.
 * @param signature of `signRows`
 * @returns how many acknowledged
 */
export async function sendReceipts(
  round: number,
  rows: readonly MinerRow[],
  participants: readonly Participant[],
  signature: Uint8Array,
  timeoutMs: number,
): Promise<number> {
  const receipts = makeReceipts({ round, rows: rows.map(encodeRow) }, () => signature)
  const sessions = new Map(participants.map(({ hotkey, session }) => [hotkey, session]))
  const sent = await Promise.allSettled(
    rows.map((row, i) => {
      const { path, ...receipt } = receipts[i]!
      return sessions
        .get(row.hotkey)!
        .request({ type: 'receipt', ...receipt, path: [...path] }, { timeoutMs })
    }),
  )
  return sent.filter(({ status }) => status === 'fulfilled').length
}
