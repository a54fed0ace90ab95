import type { Commitment } from '../../shared/chain/chain-client.ts'
import { verifySignature } from '../../shared/chain/wallet/signer.ts'
import { describeError, StarlingError } from '../../shared/process/errors.ts'
import type { Log } from '../../shared/process/logging.ts'
import { equalBytes } from '../../shared/proof/hash.ts'
import { type MinerRow, minerRowSchema } from '../../shared/proof/miner-row.ts'
import { type RowReceipt, verifyReceipt } from '../../shared/proof/receipt.ts'
import type { Receipt } from '../../shared/protocol/messages.ts'
import type { MinerEvents } from '../watch/events.ts'
import { readKept, receiptPath, writeKept } from './receipt-file.ts'

export interface ReceiptParts {
  /** This miner's. */
  readonly hotkey: string
  readonly folder: string
  /** What a validator's newest anchor on the chain is. */
  readonly anchorOf: (validator: string) => Promise<Commitment | undefined>
  readonly log: Log
  readonly events?: Pick<MinerEvents, 'onRow' | 'onTrouble'> | undefined
}

/**
 * Checks a receipt against the validator's signed round root and keeps it: it is what shows later why the miner earned what it
 * earned. The validator's newest anchor is kept with it, as the chain holds no older one.
 * @throws StarlingError BAD_REQUEST when it does not prove its row, or the row is another miner's
 */
export function acceptReceipt(message: Receipt, validator: string, parts: ReceiptParts): void {
  const { type, ...receipt } = message
  const proves = verifyReceipt(receipt, (signed, signature) => verifySignature(signed, signature, validator))
  if (!proves) throw new StarlingError('BAD_REQUEST', 'the receipt does not prove its row')
  const row = rowOf(receipt.row)
  if (row?.hotkey !== parts.hotkey)
    throw new StarlingError('BAD_REQUEST', 'the receipt is not for this miner')
  const log = parts.log.child({ round: receipt.round, validator })
  log.info({ row: Buffer.from(receipt.row).toString('utf8') }, 'receipt')
  parts.events?.onRow(validator, receipt.round, row)
  // Whatever becomes of it, the validator has done its part.
  try {
    const isNew = keepReceipt(parts.folder, validator, receipt, log)
    parts.events?.onTrouble(undefined)
    if (!isNew) return
  } catch (error) {
    log.warn({ error: describeError(error) }, 'receipt not kept')
    parts.events?.onTrouble(error)
    return
  }
  noteAnchor(parts, validator).catch((error: unknown) =>
    log.warn({ error: describeError(error) }, 'anchor not noted'),
  )
}

/** @returns false where it was kept before */
function keepReceipt(folder: string, validator: string, receipt: RowReceipt, log: Log): boolean {
  const path = receiptPath(folder, validator)
  const kept = readKept(path)
  const same = kept.receipts.filter(({ round }) => round === receipt.round)
  if (same.some(({ root }) => equalBytes(root, receipt.root))) return false
  // Both are kept: two signatures over different roots of one round prove that somebody was shown another one.
  if (same.length > 0) log.error({ roots: same.length + 1 }, 'the validator signed two roots of one round')
  writeKept(path, { ...kept, receipts: [...kept.receipts, receipt] })
  return true
}

async function noteAnchor({ folder, anchorOf }: ReceiptParts, validator: string): Promise<void> {
  const seen = await anchorOf(validator)
  if (seen === undefined) return
  const path = receiptPath(folder, validator)
  const kept = readKept(path)
  if (kept.anchors.some(({ data }) => equalBytes(data, seen.data))) return
  writeKept(path, { ...kept, anchors: [...kept.anchors, seen] })
}

/** Undefined where it is no row. */
function rowOf(row: Uint8Array): MinerRow | undefined {
  try {
    return minerRowSchema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(row)))
  } catch {
    return undefined
  }
}
