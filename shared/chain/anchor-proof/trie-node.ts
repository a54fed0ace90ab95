import { blake2b } from '@noble/hashes/blake2.js'
import { concatBytes, lengthPrefixed, littleEndian, scaleReader } from '../devnet/runtime/scale.ts'

/**
 * Nodes of Substrate's base-16 Patricia trie (sp-trie, layout without extension nodes), as far as a list of transactions
 * needs them: no key there is the beginning of another one, so that only leaves have values, and no key is longer than
 * eight nibbles.
 */
export type TrieNode =
  | { readonly kind: 'leaf'; readonly path: readonly number[]; readonly value: LeafValue }
  | {
      readonly kind: 'branch'
      readonly path: readonly number[]
      /** By nibble: an encoded node of less than 32 bytes, or the hash of a longer one. */
      readonly children: ReadonlyMap<number, Uint8Array>
    }

/** A leaf's value, or its hash. */
export type LeafValue = { readonly bytes: Uint8Array } | { readonly hash: Uint8Array }

/** Layout of a trie: 1 keeps values of 33 bytes and more outside of their nodes, and the hash in them. */
export type StateVersion = 0 | 1

/** A node of so many bytes is known to its parent by its hash. */
const HASH_LENGTH = 32
const LONGEST_INLINE_VALUE = 32

const LEAF = 0x40
const BRANCH = 0x80
const LEAF_OF_HASH = 0x20
/** Bits of the first byte that count nibbles. */
const COUNT_MASK = 0x3f
const COUNT_MASK_OF_HASH = 0x1f

/** The root's bytes of a trie without values. */
export const EMPTY_TRIE: Uint8Array = Uint8Array.of(0)

/** blake2b-256 */
export function trieHash(bytes: Uint8Array): Uint8Array {
  return blake2b(bytes, { dkLen: HASH_LENGTH })
}

/** Both nibbles of each byte, the high one first. */
export function nibblesOf(key: Uint8Array): number[] {
  return [...key].flatMap((byte) => [byte >> 4, byte & 0xf])
}

export function encodeLeaf(path: readonly number[], value: Uint8Array, version: StateVersion): Uint8Array {
  return version === 1 && value.length > LONGEST_INLINE_VALUE
    ? concatBytes(prefix(LEAF_OF_HASH, path), trieHash(value))
    : concatBytes(prefix(LEAF, path), lengthPrefixed(value))
}

/** `children` are encoded nodes by nibble. */
export function encodeBranch(path: readonly number[], children: ReadonlyMap<number, Uint8Array>): Uint8Array {
  const sorted = [...children].sort(([a], [b]) => a - b)
  const bitmap = sorted.reduce((bits, [nibble]) => bits | (1 << nibble), 0)
  const references = sorted.map(([, node]) => lengthPrefixed(isHashed(node) ? trieHash(node) : node))
  return concatBytes(prefix(BRANCH, path), littleEndian(bitmap, 2), ...references)
}

/** True for an encoded node that its parent knows by its hash. */
export function isHashed(node: Uint8Array): boolean {
  return node.length >= HASH_LENGTH
}

/** True for a branch's reference that is a hash, not a node. */
export function isHash(reference: Uint8Array): boolean {
  return reference.length === HASH_LENGTH
}

/** Inverse of the two encoders; throws a RangeError for bytes that are no such node. */
export function decodeNode(bytes: Uint8Array): TrieNode {
  const reader = scaleReader(bytes)
  const first = reader.byte()
  const kind = [LEAF, BRANCH].find((tag) => (first & ~COUNT_MASK) === tag)
  if (kind === undefined && (first & ~COUNT_MASK_OF_HASH) !== LEAF_OF_HASH) {
    throw new RangeError(`no node of a list begins with ${first}`)
  }
  const path = readPath(first & (kind === undefined ? COUNT_MASK_OF_HASH : COUNT_MASK), reader.take)
  const node: TrieNode =
    kind === BRANCH
      ? { kind: 'branch', path, children: readChildren() }
      : { kind: 'leaf', path, value: kind === LEAF ? { bytes: reader.bytes() } : { hash: reader.take(32) } }
  if (reader.rest().length > 0) throw new RangeError('bytes after the node')
  return node

  function readChildren(): Map<number, Uint8Array> {
    const bitmap = Number(reader.uint(2))
    const nibbles = Array.from({ length: 16 }, (_, nibble) => nibble).filter((n) => (bitmap >> n) & 1)
    const children = new Map(nibbles.map((nibble) => [nibble, reader.bytes()]))
    for (const child of children.values()) {
      if (child.length > HASH_LENGTH) throw new RangeError('a child of more than 32 bytes')
    }
    return children
  }
}

const LONGEST_PATH = 8

function prefix(tag: number, path: readonly number[]): Uint8Array {
  const padded = path.length % 2 === 0 ? path : [0, ...path]
  const bytes = Array.from(
    { length: padded.length / 2 },
    (_, i) => ((padded[2 * i] ?? 0) << 4) | (padded[2 * i + 1] ?? 0),
  )
  return Uint8Array.of(tag | path.length, ...bytes)
}

function readPath(count: number, take: (length: number) => Uint8Array): number[] {
  if (count > LONGEST_PATH) throw new RangeError(`a path of ${count} nibbles`)
  const nibbles = nibblesOf(take(Math.ceil(count / 2)))
  if (count % 2 === 0) return nibbles
  if (nibbles[0] !== 0) throw new RangeError('a path of an odd length has something before it')
  return nibbles.slice(1)
}
