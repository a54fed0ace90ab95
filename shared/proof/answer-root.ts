import { taggedHash } from './hash.ts'
import { merkleRoot } from './merkle.ts'
import { SKETCH_VALUES } from './sketch/matrix.ts'

/** Consecutive positions that one leaf of an answer's tree holds. */
export const POSITIONS_PER_LEAF = 4

/**
 * The leaves of an answer's Merkle tree: `first position ‖ tokens`, all u32 little-endian. An answer without tokens has
 * one leaf that holds position 0 and nothing else, so that every answer has a root.
 */
export function answerLeaves(tokens: readonly number[]): Uint8Array[] {
  const leaves: Uint8Array[] = []
  for (let first = 0; first === 0 || first < tokens.length; first += POSITIONS_PER_LEAF) {
    leaves.push(leafBytes(first, tokens.slice(first, first + POSITIONS_PER_LEAF)))
  }
  return leaves
}

/** Root of the tree over an answer's tokens: what the commit binds. */
export function answerRoot(tokens: readonly number[]): Uint8Array {
  return merkleRoot(answerLeaves(tokens))
}

/** How many leaves an answer's tree has. */
export function leafCount(tokens: number): number {
  return Math.max(1, Math.ceil(tokens / POSITIONS_PER_LEAF))
}

/**
 * The leaf that holds `first` and up to three positions after it: `first position ‖ tokens ‖ sketches`, sketches as f32
 * little-endian. Its length tells it from a leaf without sketches.
 * @param tokens those of this leaf
 * @param sketches row-major [tokens, SKETCH_VALUES]
 * @throws RangeError where the two do not fit together
 */
export function sketchLeaf(first: number, tokens: readonly number[], sketches: Float32Array): Uint8Array {
  if (sketches.length !== tokens.length * SKETCH_VALUES)
    throw new RangeError(`${sketches.length} sketch values for ${tokens.length} tokens`)
  return leafBytes(first, tokens, sketches)
}

function leafBytes(first: number, tokens: readonly number[], sketches: ArrayLike<number> = []): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * (1 + tokens.length + sketches.length)))
  view.setUint32(0, first, true)
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!
    // Cut to 32 bits it would be another token.
    if (token >>> 0 !== token) throw new RangeError(`not a u32: ${token}`)
    view.setUint32(4 + 4 * i, token, true)
  }
  const from = 4 + 4 * tokens.length
  for (let i = 0; i < sketches.length; i++) view.setFloat32(from + 4 * i, sketches[i]!, true)
  return new Uint8Array(view.buffer)
}

/** The leaves of an answer whose hidden states are committed too; `sketches` is row-major [tokens, SKETCH_VALUES]. */
export function sketchLeaves(tokens: readonly number[], sketches: Float32Array): Uint8Array[] {
  return Array.from({ length: leafCount(tokens.length) }, (_, index) => {
    const first = index * POSITIONS_PER_LEAF
    const end = first + POSITIONS_PER_LEAF
    const isLast = end >= tokens.length
    const part = sketches.subarray(first * SKETCH_VALUES, isLast ? undefined : end * SKETCH_VALUES)
    return sketchLeaf(first, tokens.slice(first, end), part)
  })
}

/** Root of the tree over tokens and sketches, from which leaves are opened. Nobody but the miner can compute it. */
export function sketchRoot(tokens: readonly number[], sketches: Float32Array): Uint8Array {
  return merkleRoot(sketchLeaves(tokens, sketches))
}

/**
 * What the commit binds where a miner proves its hidden states. A validator opens only some leaves of the tree, so by itself that
 * tree would leave the tokens of all others open until the reveal, and even their number; the tree over the tokens, which every
 * validator recomputes, does not.
 */
export function committedRoot(tokens: readonly number[], sketchTreeRoot: Uint8Array): Uint8Array {
  return taggedHash('starling/answer/v1', answerRoot(tokens), sketchTreeRoot)
}
