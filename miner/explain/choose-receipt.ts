import { StarlingError } from '../../shared/process/errors.ts'
import type { RowReceipt } from '../../shared/proof/receipt.ts'
import type { Kept } from '../receipts/receipt-file.ts'

export interface ReceiptWish {
  /** Whoever settled the newest round unless told. */
  readonly validator?: string
  /** The newest unless told. */
  readonly round?: number
}

/**
 * The receipt that is asked for, and whose it is.
 * @param kept by validator
 * @throws StarlingError RECEIPT_MISSING
 */
export function chooseReceipt(
  kept: ReadonlyMap<string, Kept>,
  { validator, round }: ReceiptWish,
  folder: string,
): { validator: string; receipt: RowReceipt; kept: Kept } {
  const chosen = [...kept]
    .filter(([name, { receipts }]) => receipts.length > 0 && (validator === undefined || name === validator))
    .sort(([, one], [, other]) => newestRound(other) - newestRound(one))
  const [first] = chosen
  if (first === undefined) {
    const whose = validator === undefined ? '' : ` of ${validator}`
    throw new StarlingError(
      'RECEIPT_MISSING',
      `${folder} holds no receipt${whose}`,
      'receipts come when a validator settles a round in which the miner was asked',
    )
  }
  const [name, own] = first
  const receipt = own.receipts.findLast((one) => round === undefined || one.round === round)
  if (receipt !== undefined) return { validator: name, receipt, kept: own }
  const rounds = own.receipts.map((one) => one.round)
  throw new StarlingError(
    'RECEIPT_MISSING',
    `there is no receipt of round ${round} by ${name}`,
    `give a --round from ${Math.min(...rounds)} to ${Math.max(...rounds)} that it was asked in`,
  )
}

function newestRound({ receipts }: Kept): number {
  return receipts.at(-1)!.round
}
