import { StarlingError } from '../../process/errors.ts'
import { compact, concatBytes, littleEndian } from '../devnet/runtime/scale.ts'

/** The weights that a commit hides. */
export interface CommittedWeights {
  /** u16, sorted and unique; same length as `weights`. */
  uids: readonly number[]
  /** u16 */
  weights: readonly number[]
  /** u64 */
  versionKey: bigint
}

const HOTKEY_BYTES = 32
const U64_LIMIT = 1n << 64n

/** Throws `COMMIT_INVALID` for what SCALE would silently cut off or the chain would refuse at the reveal. */
export function assertCommittable(hotkey: Uint8Array, { uids, weights, versionKey }: CommittedWeights): void {
  if (hotkey.length !== HOTKEY_BYTES) throw invalid(`a hotkey has 32 bytes, not ${hotkey.length}`)
  if (uids.length !== weights.length) throw invalid(`${uids.length} uids with ${weights.length} weights`)
  if (versionKey < 0n || versionKey >= U64_LIMIT) throw invalid(`version key ${versionKey} is not a u64`)
}

/** SCALE `Vec<u16>`: compact length, then two little-endian bytes each. Throws `COMMIT_INVALID`. */
export function encodeU16s(name: string, values: readonly number[]): Uint8Array {
  const wrong = values.find((value) => !isU16(value))
  if (wrong !== undefined) throw invalid(`${name} hold ${wrong}, which is not a u16`)
  return concatBytes(compact(values.length), ...values.map((value) => littleEndian(value, 2)))
}

export function isU16(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffff
}

export function invalid(message: string): StarlingError {
  return new StarlingError('COMMIT_INVALID', message)
}
