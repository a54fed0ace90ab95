import { compact, concatBytes, littleEndian } from '../devnet/runtime/scale.ts'

/** Where `Commitments.set_commitment` stands, on Subtensor and on our own runtime. */
const PALLET_INDEX = 18
const CALL_INDEX = 0

/** Most bytes that one field of a commitment holds under a variant of its own, `Raw0` to `Raw128`. */
export const MAX_COMMITMENT_BYTES = 128

/** `set_commitment(netuid, { fields: [Raw<n>(data)] })` as the chain encodes it. Throws a RangeError above 128 bytes. */
export function commitmentCall(netuid: number, data: Uint8Array): Uint8Array {
  if (data.length > MAX_COMMITMENT_BYTES) throw new RangeError(`${data.length} bytes are too many to commit`)
  const field = concatBytes(Uint8Array.of(data.length + 1), data)
  return concatBytes(Uint8Array.of(PALLET_INDEX, CALL_INDEX), littleEndian(netuid, 2), compact(1), field)
}
