import { fromHex, HASH_BYTES, taggedHash } from './hash.ts'
import { merkleRoot } from './merkle.ts'

/** Root over the digests of a round's commits, in ascending order so that it does not depend on when they came; zero without any. */
export function commitsRoot(digests: readonly Uint8Array[]): Uint8Array {
  if (digests.length === 0) return new Uint8Array(HASH_BYTES)
  return merkleRoot([...digests].sort(Buffer.compare))
}

/**
 * What the validator's verifiable random function is asked for a round's beacon, which says what of each answer is opened:
 * bound to all commits, and to a block that came after them.
 * @param blockHash 0x and 64 hex digits
 */
export function beaconMessage(commits: Uint8Array, blockHash: string): Uint8Array {
  return taggedHash('starling/beacon/v1', commits, fromHex(blockHash))
}
