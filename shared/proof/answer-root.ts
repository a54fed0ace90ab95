import { u32 } from './hash.ts'
import { merkleRoot } from './merkle.ts'

/** Consecutive positions that one leaf of an answer's tree holds. */
export const POSITIONS_PER_LEAF = 4

/**
 * The leaves of an answer's Merkle tree: `first position ‖ tokens`, all u32 little-endian. An answer without tokens has
 * one leaf that holds position 0 and nothing else, so that every answer has a root.
 */
export function answerLeaves(tokens: readonly number[]): Uint8Array[] {
  const leaves: Uint8Array[] = []
  for (let first = 0; first === 0 || first < tokens.length; first += POSITIONS_PER_LEAF) {
    const part = tokens.slice(first, first + POSITIONS_PER_LEAF)
    leaves.push(Buffer.concat([u32(first), ...part.map(u32)]))
  }
  return leaves
}

/** Root of the tree over an answer's tokens: what the commit binds. */
export function answerRoot(tokens: readonly number[]): Uint8Array {
  return merkleRoot(answerLeaves(tokens))
}
