import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  leafHash,
  merklePath,
  merkleRoot,
  treeOfHashes,
  verifyMerklePath,
} from '../../../shared/proof/merkle.ts'

const leavesAndIndex = fc
  .array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 40 })
  .chain((leaves) => fc.tuple(fc.constant(leaves), fc.nat({ max: leaves.length - 1 })))

describe('Merkle tree', () => {
  it('opens every leaf', () => {
    fc.assert(
      fc.property(leavesAndIndex, ([leaves, index]) => {
        const path = merklePath(leaves, index)
        expect(verifyMerklePath(merkleRoot(leaves), leaves[index]!, index, leaves.length, path)).toBe(true)
      }),
    )
  })

  it('opens the same when it is hashed once', () => {
    fc.assert(
      fc.property(leavesAndIndex, ([leaves, index]) => {
        const tree = treeOfHashes(leaves.map(leafHash))
        expect(tree.root).toEqual(merkleRoot(leaves))
        expect(tree.path(index)).toEqual(merklePath(leaves, index))
        expect(() => tree.path(leaves.length)).toThrow(RangeError)
      }),
    )
    expect(() => treeOfHashes([])).toThrow(RangeError)
  })

  it('refuses another leaf, another place, another count and a longer or shorter path', () => {
    fc.assert(
      fc.property(
        leavesAndIndex,
        fc.uint8Array({ maxLength: 40 }),
        fc.nat({ max: 60 }),
        ([leaves, index], other, place) => {
          const root = merkleRoot(leaves)
          const path = merklePath(leaves, index)
          const leaf = leaves[index]!
          if (Buffer.compare(other, leaf) !== 0)
            expect(verifyMerklePath(root, other, index, leaves.length, path)).toBe(false)
          const stranger = leaves[place]
          if (place !== index && (stranger === undefined || Buffer.compare(stranger, leaf) !== 0)) {
            expect(verifyMerklePath(root, leaf, place, leaves.length, path)).toBe(false)
          }
          expect(verifyMerklePath(root, leaf, index, leaves.length, [...path, root])).toBe(false)
          if (path.length > 0)
            expect(verifyMerklePath(root, leaf, index, leaves.length, path.slice(1))).toBe(false)
        },
      ),
    )
  })

  it('does not let an inner node pass as a leaf', () => {
    const leaves = [1, 2, 3, 4].map((n) => Uint8Array.of(n))
    const [, rightPair] = merklePath(leaves, 0)
    // The pair of hashes below the root's left child, offered as a leaf of a two-leaf tree with the same root.
    const left = Buffer.concat([merklePath(leaves, 1)[0]!, merklePath(leaves, 0)[0]!])
    expect(verifyMerklePath(merkleRoot(leaves), left, 0, 2, [rightPair!])).toBe(false)
  })

  it('changes its root when any two different leaves are swapped', () => {
    fc.assert(
      fc.property(leavesAndIndex, fc.nat({ max: 60 }), ([leaves, i], j) => {
        const k = j % leaves.length
        fc.pre(Buffer.compare(leaves[i]!, leaves[k]!) !== 0)
        const swapped = [...leaves]
        swapped[i] = leaves[k]!
        swapped[k] = leaves[i]!
        expect(merkleRoot(swapped)).not.toEqual(merkleRoot(leaves))
      }),
    )
  })
})
