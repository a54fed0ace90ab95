import { taggedHash, u32 } from './hash.ts'

/**
 * The bytes that a validator signs to stand by a published round: H(tag ‖ round ‖ count ‖ root), numbers u32 little-endian.
 * @param count of the lines before the seal
 * @param root of the tree over those lines, see `merkleRoot`
 */
export function sealMessage(round: number, count: number, root: Uint8Array): Uint8Array {
  return taggedHash('starling/seal/v1', u32(round), u32(count), root)
}
