import { concatBytes, lengthPrefixed, littleEndian, scaleReader } from '../devnet/runtime/scale.ts'
import { assertCommittable, type CommittedWeights, encodeU16s, invalid } from './weight-fields.ts'

/** What a timelocked commit hides: `WeightsTlockPayload` of coinbase/reveal_commits.rs. */
export interface TimelockPayload extends CommittedWeights {
  /** 32 bytes; the chain drops a reveal whose hotkey is not the committer's. */
  hotkey: Uint8Array
}

/** SCALE `(Vec<u8>, Vec<u16>, Vec<u16>, u64)`. Throws `COMMIT_INVALID` for fields that do not fit these types. */
export function encodePayload(payload: TimelockPayload): Uint8Array {
  const { hotkey, uids, weights, versionKey } = payload
  assertCommittable(hotkey, payload)
  return concatBytes(
    lengthPrefixed(hotkey),
    encodeU16s('uids', uids),
    encodeU16s('weights', weights),
    littleEndian(versionKey, 8),
  )
}

/** The inverse of {@link encodePayload}; throws `COMMIT_INVALID` for bytes that are not exactly one payload. */
export function decodePayload(bytes: Uint8Array): TimelockPayload {
  const payload = read(bytes)
  // Refuses surplus bytes, and lengths in a longer form than needed, which the chain's decoder refuses too.
  if (Buffer.from(encodePayload(payload)).equals(bytes)) return payload
  throw invalid('a payload in another form than SCALE’s')
}

function read(bytes: Uint8Array): TimelockPayload {
  const reader = scaleReader(bytes)
  const u16 = () => Number(reader.uint(2))
  try {
    return {
      hotkey: Uint8Array.from(reader.bytes()),
      uids: reader.list(u16),
      weights: reader.list(u16),
      versionKey: reader.uint(8),
    }
  } catch (cause) {
    // Past the end, or a length that no array can have.
    if (cause instanceof RangeError) throw invalid('a payload that ends too early')
    throw cause
  }
}
