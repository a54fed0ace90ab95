import { blake2b } from '@noble/hashes/blake2.js'
import { concatBytes, littleEndian, toHex } from '../devnet/runtime/scale.ts'
import { assertCommittable, type CommittedWeights, encodeU16s, invalid, isU16 } from './weight-fields.ts'

/** Distance between two mechanisms' storage indices: `GLOBAL_MAX_SUBNET_COUNT` of subnets/mechanism.rs. */
const SUBNETS_PER_MECHANISM = 4096

export interface HashCommitFields extends CommittedWeights {
  /** Public key of the validator's hotkey, 32 bytes. */
  hotkey: Uint8Array
  /** {@link storageIndex} of the subnet and mechanism. */
  storageIndex: number
  /** u16; keep it for the reveal. */
  salt: readonly number[]
}

/**
 * What `commit_weights` takes and the chain recomputes at the reveal: blake2b-256 of SCALE
 * `(AccountId32, u16, Vec<u16>, Vec<u16>, Vec<u16>, u64)`, as `get_commit_hash` of subnets/weights.rs; 0x + 64 hex.
 * Throws `COMMIT_INVALID` for fields that do not fit these types.
 */
export function weightsCommitHash(fields: HashCommitFields): string {
  const { hotkey, storageIndex: index, uids, weights, salt, versionKey } = fields
  assertCommittable(hotkey, fields)
  if (!isU16(index)) throw invalid(`storage index ${index} is not a u16`)
  const encoded = concatBytes(
    hotkey,
    littleEndian(index, 2),
    encodeU16s('uids', uids),
    encodeU16s('weights', weights),
    encodeU16s('salt', salt),
    littleEndian(versionKey, 8),
  )
  return toHex(blake2b(encoded, { dkLen: 32 }))
}

/** `NetUidStorageIndex` of an incentive mechanism: 0 is the netuid itself. Throws `COMMIT_INVALID` outside of its u16. */
export function storageIndex(netuid: number, mechanism: number): number {
  const index = mechanism * SUBNETS_PER_MECHANISM + netuid
  if (!isU16(netuid) || netuid >= SUBNETS_PER_MECHANISM || !isU16(mechanism) || !isU16(index)) {
    throw invalid(`mechanism ${mechanism} of subnet ${netuid} has no storage index`)
  }
  return index
}
