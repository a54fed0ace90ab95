import { type Hex, type ScaleReader, toHex } from './scale.ts'

/** Why a transaction cannot be in a block. Texts are those of a Substrate node. */
export interface Invalidity {
  /** `invalid` never becomes valid by waiting alone, except for `future`; `unknown` could not be judged. */
  kind: 'invalid' | 'unknown'
  reason: string
  text: string
}

/** What the runtime says of a transaction that it accepts. Tags tell which transactions must come before which. */
export interface Validity {
  priority: bigint
  requires: readonly Hex[]
  provides: readonly Hex[]
  /** Blocks for which this holds. */
  longevity: bigint
}

const INVALID: ReadonlyArray<readonly [reason: string, text: string]> = [
  ['call', 'Transaction call is not expected'],
  ['payment', 'Inability to pay some fees (e.g. account balance too low)'],
  ['future', 'Transaction will be valid in the future'],
  ['stale', 'Transaction is outdated'],
  ['badProof', 'Transaction has a bad signature'],
  ['ancientBirthBlock', 'Transaction has an ancient birth block'],
  ['exhaustsResources', 'Transaction would exhaust the block limits'],
  ['custom', 'Custom error'],
  ['badMandatory', 'A call was labelled as mandatory, but resulted in an Error.'],
  ['mandatoryValidation', 'Transaction dispatch is mandatory; transactions must not be validated.'],
  ['badSigner', 'Invalid signing address'],
  ['indeterminateImplicit', 'The implicit data was unable to be calculated'],
  ['unknownOrigin', 'The transaction extension did not authorize any origin'],
]

const UNKNOWN: ReadonlyArray<readonly [reason: string, text: string]> = [
  ['cannotLookup', 'Could not lookup information required to validate the transaction'],
  ['noUnsignedValidator', 'Could not find an unsigned validator for the unsigned transaction'],
  ['custom', 'Custom error'],
]

/** Reads a `TransactionValidity`, the result of validating a transaction. */
export function readValidity(reader: ScaleReader): Validity | Invalidity {
  if (reader.byte() !== 0) return readInvalidity(reader)
  return {
    priority: reader.uint(8),
    requires: reader.list(() => toHex(reader.bytes())),
    provides: reader.list(() => toHex(reader.bytes())),
    longevity: reader.uint(8),
  }
}

/** Reads an `ApplyExtrinsicResult`; undefined when the transaction is in the block, dispatched well or not. */
export function readApplyResult(reader: ScaleReader): Invalidity | undefined {
  return reader.byte() === 0 ? undefined : readInvalidity(reader)
}

function readInvalidity(reader: ScaleReader): Invalidity {
  const kind = reader.byte() === 0 ? 'invalid' : 'unknown'
  const [reason, text] = (kind === 'invalid' ? INVALID : UNKNOWN)[reader.byte()] ?? [
    'other',
    'Unknown reason',
  ]
  return { kind, reason, text: reason === 'custom' ? `${text}: ${reader.byte()}` : text }
}

export function isInvalidity(value: Validity | Invalidity): value is Invalidity {
  return 'kind' in value
}
