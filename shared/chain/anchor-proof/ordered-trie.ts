import { compact, toHex } from '../devnet/runtime/scale.ts'
import {
  decodeNode,
  EMPTY_TRIE,
  encodeBranch,
  encodeLeaf,
  isHash,
  isHashed,
  nibblesOf,
  type StateVersion,
  trieHash,
} from './trie-node.ts'

/** A list's item among others, and the nodes that lead to it from the root. */
export interface ListProof {
  /** Root over the whole list, 32 bytes. */
  readonly root: Uint8Array
  /** Encoded nodes, the root's first. Nodes of less than 32 bytes are inside of their parents. */
  readonly proof: Uint8Array[]
}

/** More items than a block can have; keys of larger indices are longer. */
const MOST_ITEMS = 2 ** 30

/**
 * Root of a list as Substrate makes it (`ordered_trie_root` with blake2b-256): the trie of all items under their indices
 * as compact integers. For the empty list too.
 */
export function listRoot(items: readonly Uint8Array[], version: StateVersion): Uint8Array {
  return build(items, version, undefined).root
}

/** Proves the item at `index`. Throws a RangeError where there is none. */
export function proveItem(items: readonly Uint8Array[], index: number, version: StateVersion): ListProof {
  if (items[index] === undefined) throw new RangeError(`no item ${index} in a list of ${items.length}`)
  return build(items, version, index)
}

/** What is wrong with a proof that `item` stands at `index` of the list with that root; undefined when nothing is. */
export function checkItem({ root, proof }: ListProof, index: number, item: Uint8Array): string | undefined {
  if (!Number.isInteger(index) || index < 0 || index >= MOST_ITEMS) return `${index} is no index`
  try {
    return walk(root, proof, nibblesOf(compact(index)), item)
  } catch (error) {
    if (error instanceof RangeError) return `the proof cannot be read: ${error.message}`
    throw error
  }
}

interface Entry {
  readonly index: number
  readonly path: readonly number[]
  readonly item: Uint8Array
}

function build(items: readonly Uint8Array[], version: StateVersion, wanted: number | undefined): ListProof {
  const proof: Uint8Array[] = []
  const entries = items.map((item, index) => ({ index, item, path: nibblesOf(compact(index)) }))
  const root = entries.length === 0 ? EMPTY_TRIE : encodeUnder(entries, 0)
  return { root: trieHash(root), proof }

  /** The node over entries that agree in their first `depth` nibbles. */
  function encodeUnder(under: readonly Entry[], depth: number): Uint8Array {
    const node = encodeEntries(under, depth)
    const isOnTheWay = under.some(({ index }) => index === wanted)
    // Leaves are made first, and the root is not inside of anything.
    if (isOnTheWay && (depth === 0 || isHashed(node))) proof.unshift(node)
    return node
  }

  function encodeEntries(under: readonly Entry[], depth: number): Uint8Array {
    const [first, ...others] = under
    if (first === undefined) throw new Error('there is no node over nothing')
    if (others.length === 0) return encodeLeaf(first.path.slice(depth), first.item, version)
    let fork = depth
    while (others.every(({ path }) => path[fork] === first.path[fork])) fork++
    const byNibble = new Map<number, Entry[]>()
    for (const entry of under) {
      const nibble = entry.path[fork] ?? 0
      byNibble.set(nibble, [...(byNibble.get(nibble) ?? []), entry])
    }
    const children = [...byNibble].map(([nibble, those]) => [nibble, encodeUnder(those, fork + 1)] as const)
    return encodeBranch(first.path.slice(depth, fork), new Map(children))
  }
}

function walk(
  root: Uint8Array,
  proof: readonly Uint8Array[],
  key: readonly number[],
  item: Uint8Array,
): string | undefined {
  let reference = root
  let rest = key
  let used = 0
  while (true) {
    if (isHash(reference)) {
      const next = proof[used]
      if (next === undefined) return `the proof ends after ${used} nodes`
      if (!equal(trieHash(next), reference)) return `node ${used} of the proof has another hash than it must`
      reference = next
      used++
    }
    const node = decodeNode(reference)
    if (node.path.some((nibble, i) => rest[i] !== nibble)) return 'the list has no item at that index'
    rest = rest.slice(node.path.length)
    if (node.kind === 'leaf') {
      if (rest.length > 0) return 'the list has no item at that index'
      if (used < proof.length) return `the proof has ${proof.length - used} nodes too many`
      const same =
        'bytes' in node.value ? equal(node.value.bytes, item) : equal(node.value.hash, trieHash(item))
      return same ? undefined : 'the list has another item at that index'
    }
    const [nibble, ...below] = rest
    const child = nibble === undefined ? undefined : node.children.get(nibble)
    if (child === undefined) return 'the list has no item at that index'
    reference = child
    rest = below
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && toHex(a) === toHex(b)
}
