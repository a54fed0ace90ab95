import { HASH_BYTES, taggedHash, u32 } from './hash.ts'
import { leafHash, merkleRoot, treeOfHashes, verifyMerklePath } from './merkle.ts'

/** What a round settled for one miner. The miner gets exactly these bytes, so nothing is encoded twice. */
export interface RoundRows {
  readonly round: number
  /** UTF-8 JSON, one row a miner, in the order of the hotkeys. */
  readonly rows: readonly Uint8Array[]
}

export interface RowReceipt {
  readonly round: number
  readonly row: Uint8Array
  readonly index: number
  readonly count: number
  readonly path: readonly Uint8Array[]
  readonly root: Uint8Array
  readonly signature: Uint8Array
}

/** Root over all rows of a round; an empty round has the zero root. */
export function roundRoot(rows: readonly Uint8Array[]): Uint8Array {
  return rows.length === 0 ? new Uint8Array(HASH_BYTES) : merkleRoot(rows)
}

/** The bytes that a validator signs to stand by a round. */
export function receiptMessage(round: number, count: number, root: Uint8Array): Uint8Array {
  return taggedHash('starling/receipt/v1', u32(round), u32(count), root)
}

/** Receipts for all rows of a round, in order. */
export function makeReceipts(rows: RoundRows, sign: (message: Uint8Array) => Uint8Array): RowReceipt[] {
  const count = rows.rows.length
  if (count === 0) return []
  const { root, path } = treeOfHashes(rows.rows.map(leafHash))
  const signature = sign(receiptMessage(rows.round, count, root))
  return rows.rows.map((row, index) => {
    return { round: rows.round, row, index, count, path: path(index), root, signature }
  })
}

/** True when the row stands in the round that the validator signed. */
export function verifyReceipt(
  receipt: RowReceipt,
  verify: (message: Uint8Array, signature: Uint8Array) => boolean,
): boolean {
  const { root, row, index, count, path } = receipt
  if (!verifyMerklePath(root, row, index, count, path)) return false
  return verify(receiptMessage(receipt.round, count, root), receipt.signature)
}
