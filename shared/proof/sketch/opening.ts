import { createHash } from 'node:crypto'
import { leafCount, POSITIONS_PER_LEAF, sketchLeaf, sketchLeaves } from '../answer-root.ts'
import { taggedHash, u32 } from '../hash.ts'
import { merklePath, rootOfPath, verifyMerklePath } from '../merkle.ts'
import { SKETCH_VALUES } from './matrix.ts'
import { sketchFault } from './sketch.ts'

/** Leaves that are opened of one answer: eight rows, where it has as many. */
export const OPENED_LEAVES = 2

/** What a miner shows of one leaf; its tokens are in the reveal already. */
export interface SketchOpening {
  /** Of the leaf. */
  readonly index: number
  /** Row-major [rows of the leaf, SKETCH_VALUES]. */
  readonly sketches: Float32Array
  /** Siblings up to the root. */
  readonly path: readonly Uint8Array[]
}

/** What a validator knows of an answer when its openings arrive. */
export interface CommittedAnswer {
  /** The revealed ones. */
  readonly tokens: readonly number[]
  /** `sketchRoot`, or what the first opening leads to. That it and the tokens are the committed ones is seen from `committedRoot`. */
  readonly root: Uint8Array
}

/**
 * The leaves that a beacon asks for, ascending and all different; every set of them is equally likely (Floyd's sampling,
 * Commun. ACM 30, 1987). An answer of no more leaves than that is opened whole.
 * @param beacon 32 bytes that nobody knew when the digest was signed
 * @param digest the answer's commit, 32 bytes: one beacon asks every answer for others
 */
export function openedLeaves(beacon: Uint8Array, digest: Uint8Array, leaves: number): number[] {
  const words = wordsOf(taggedHash('starling/opening/v1', beacon, digest))
  const chosen = new Set<number>()
  for (let bound = Math.max(0, leaves - OPENED_LEAVES) + 1; bound <= leaves; bound++) {
    const candidate = below(words, bound)
    chosen.add(chosen.has(candidate) ? bound - 1 : candidate)
  }
  return [...chosen].sort((a, b) => a - b)
}

/** Opens leaves of an answer that was committed with `sketchRoot`. @throws RangeError when there is no such leaf */
export function openLeaves(
  tokens: readonly number[],
  sketches: Float32Array,
  indices: readonly number[],
): SketchOpening[] {
  const leaves = sketchLeaves(tokens, sketches)
  return indices.map((index) => {
    const first = index * POSITIONS_PER_LEAF
    const end = Math.min(first + POSITIONS_PER_LEAF, tokens.length)
    const part = sketches.slice(first * SKETCH_VALUES, end * SKETCH_VALUES)
    return { index, sketches: part, path: merklePath(leaves, index) }
  })
}

/**
 * The root that an opening leads to: it need not be sent, as only the committed one opens the commit.
 * @param tokens the revealed ones
 * @returns undefined where the answer has no such leaf, or the leaf no such path
 */
export function openedRoot(
  tokens: readonly number[],
  { index, sketches, path }: SketchOpening,
): Uint8Array | undefined {
  const first = index * POSITIONS_PER_LEAF
  const part = tokens.slice(first, first + POSITIONS_PER_LEAF)
  if (sketches.length !== part.length * SKETCH_VALUES) return undefined
  return rootOfPath(sketchLeaf(first, part, sketches), index, leafCount(tokens.length), path)
}

/**
 * Checks to the bit that the openings are the leaves that were asked for, in that order, of the committed tree over the
 * revealed tokens, and that their sketches are numbers. Leaves are built from the revealed tokens, so other tokens in one end at
 * another root.
 * @returns what is wrong, or undefined
 */
export function openingFault(
  { tokens, root }: CommittedAnswer,
  asked: readonly number[],
  openings: readonly SketchOpening[],
): string | undefined {
  if (openings.length !== asked.length)
    return `${openings.length} openings where ${asked.length} were asked for`
  const count = leafCount(tokens.length)
  for (const [place, { index, sketches, path }] of openings.entries()) {
    if (index !== asked[place]) return `leaf ${index} was opened where ${asked[place]} was asked for`
    const first = index * POSITIONS_PER_LEAF
    const part = tokens.slice(first, first + POSITIONS_PER_LEAF)
    const fault = sketchFault(sketches, part.length)
    if (fault !== undefined) return `leaf ${index}: ${fault}`
    if (!verifyMerklePath(root, sketchLeaf(first, part, sketches), index, count, path))
      return `leaf ${index} is not in the committed tree of the revealed tokens`
  }
  return undefined
}

/** Uniform 32-bit words: SHA-256 of seed ‖ counter, u32 little-endian all. */
function* wordsOf(seed: Uint8Array): Generator<number, never> {
  for (let counter = 0; ; counter++) {
    const block = createHash('sha256').update(seed).update(u32(counter)).digest()
    for (let offset = 0; offset < block.length; offset += 4) yield block.readUInt32LE(offset)
  }
}

/** Uniform from 0 to bound − 1: words beyond the last whole multiple of the bound are thrown away. */
function below(words: Generator<number, never>, bound: number): number {
  const limit = 2 ** 32 - (2 ** 32 % bound)
  for (;;) {
    const word = words.next().value
    if (word < limit) return word % bound
  }
}
