import { verifySignature } from '../shared/chain/wallet/signer.ts'
import { StarlingError } from '../shared/process/errors.ts'
import type { Log } from '../shared/process/logging.ts'
import { verifyReceipt } from '../shared/proof/receipt.ts'
import type { Receipt } from '../shared/protocol/messages.ts'

/**
 * Checks a receipt against the validator's signed round root and logs what the round settled for this miner.
 * @throws StarlingError BAD_REQUEST when it does not prove its row
 */
export function acceptReceipt(receipt: Receipt, validator: string, log: Log): void {
  const proves = verifyReceipt(receipt, (message, signature) =>
    verifySignature(message, signature, validator),
  )
  if (!proves) throw new StarlingError('BAD_REQUEST', 'the receipt does not prove its row')
  log.info({ round: receipt.round, validator, row: Buffer.from(receipt.row).toString('utf8') }, 'receipt')
}
