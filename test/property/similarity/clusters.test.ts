import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clusterHashes, joinPairs } from '../../../shared/similarity/clusters.ts'
import { bandsFor, candidatePairs } from '../../../shared/similarity/lsh-index.ts'
import { medoid } from '../../../shared/similarity/medoid.ts'
import { hammingDistance, SIMHASH_BITS, SIMHASH_BYTES } from '../../../shared/similarity/simhash.ts'

/** Few hashes, each within some bits of one of two, so that there is much to join. */
const hashes = fc
  .tuple(
    fc.uint8Array({ minLength: SIMHASH_BYTES, maxLength: SIMHASH_BYTES }),
    fc.array(fc.array(fc.nat(SIMHASH_BITS - 1), { maxLength: 90 }), { minLength: 1, maxLength: 12 }),
  )
  .map(([origin, flips]) =>
    flips.map((bits) => {
      const hash = origin.slice()
      for (const bit of bits) hash[bit >> 3]! ^= 1 << (bit & 7)
      return hash
    }),
  )
const distance = fc.constantFrom(0, 4, 30, 63, 64, 120, 255)

describe('candidate pairs', () => {
  test('miss no pair that differs in fewer bits than there are bands', () => {
    fc.assert(
      fc.property(hashes, distance, (field, bits) => {
        const found = new Set(candidatePairs(field, bandsFor(bits)).map(String))
        for (const [i, a] of field.entries()) {
          for (let j = i + 1; j < field.length; j++) {
            if (hammingDistance(a, field[j]!) <= bits) expect(found).toContain(`${i},${j}`)
          }
        }
      }),
    )
  })

  test.each([64, 128, 256])(
    'find a pair that agrees in one of %i bands alone, whichever that is',
    (bands) => {
      const hash = new Uint8Array(SIMHASH_BYTES)
      const width = SIMHASH_BITS / bands
      for (let kept = 0; kept < bands; kept++) {
        const other = hash.slice()
        for (let band = 0; band < bands; band++) {
          const bit = band * width + (kept % width)
          if (band !== kept) other[bit >> 3]! ^= 1 << (bit & 7)
        }
        expect(candidatePairs([hash, other], bands)).toEqual([[0, 1]])
      }
    },
  )

  test('hold each pair once, in order', () => {
    fc.assert(
      fc.property(hashes, (field) => {
        const pairs = candidatePairs(field, 64)
        const sorted = [...pairs].sort(([a, b], [c, d]) => a - c || b - d)
        expect(pairs).toEqual(sorted)
        expect(new Set(pairs.map(String)).size).toBe(pairs.length)
        for (const [i, j] of pairs) expect(i).toBeLessThan(j)
      }),
    )
  })
})

describe('clusters', () => {
  test('are what chains of near pairs join, as the plain way finds them', () => {
    fc.assert(
      fc.property(hashes, distance, (field, bits) => {
        expect(clusterHashes(field, bits)).toEqual(slowClusters(field, bits))
      }),
    )
  })

  test('are the same sets however the hashes are shuffled', () => {
    fc.assert(
      fc.property(hashes, distance, fc.infiniteStream(fc.nat()), (field, bits, keys) => {
        const order = field.map((_, i) => ({ i, key: keys.next().value! })).sort((a, b) => a.key - b.key)
        const shuffled = clusterHashes(
          order.map(({ i }) => field[i]!),
          bits,
        ).map((cluster) => cluster.map((place) => order[place]!.i))
        const sets = (clusters: number[][]) =>
          new Set(clusters.map((cluster) => [...cluster].sort((a, b) => a - b).join()))
        expect(sets(shuffled)).toEqual(sets(clusterHashes(field, bits)))
      }),
    )
  })

  test('hold every index once, ascending, and come by their first', () => {
    const edge = fc.tuple(fc.nat(19), fc.nat(19))
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 30 }), (edges) => {
        const clusters = joinPairs(20, edges)
        expect(clusters.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i))
        for (const cluster of clusters) expect(cluster).toEqual([...cluster].sort((a, b) => a - b))
        const firsts = clusters.map(([first]) => first!)
        expect(firsts).toEqual([...firsts].sort((a, b) => a - b))
        const clusterOf = new Map(clusters.flatMap((cluster, n) => cluster.map((i) => [i, n] as const)))
        for (const [i, j] of edges) expect(clusterOf.get(i)).toBe(clusterOf.get(j))
      }),
    )
  })
})

describe('the medoid', () => {
  test('is the first with the most weighted similarity to the others', () => {
    const field = fc.integer({ min: 1, max: 8 }).chain((count) =>
      fc.tuple(
        // Quarters add up exactly in any order, and often to the same.
        fc.array(fc.array(fc.nat(4), { minLength: count, maxLength: count }), {
          minLength: count,
          maxLength: count,
        }),
        fc.array(fc.nat(3), { minLength: count, maxLength: count }),
      ),
    )
    fc.assert(
      fc.property(field, ([table, weights]) => {
        const similarity = (i: number, j: number) => table[Math.min(i, j)]![Math.max(i, j)]! / 4
        const support = weights.map((_, i) =>
          weights.reduce((sum, weight, j) => sum + (i === j ? 0 : weight * similarity(i, j)), 0),
        )
        expect(medoid(weights.length, similarity, weights)).toBe(support.indexOf(Math.max(...support)))
        const even = weights.map(() => 1)
        expect(medoid(weights.length, similarity)).toBe(medoid(weights.length, similarity, even))
      }),
    )
  })
})

/** Grows each cluster until nothing is near it. */
function slowClusters(field: readonly Uint8Array[], bits: number): number[][] {
  const left = new Set(field.keys())
  const clusters: number[][] = []
  for (const first of field.keys()) {
    if (!left.delete(first)) continue
    const cluster = [first]
    for (const member of cluster) {
      for (const other of left) {
        if (hammingDistance(field[member]!, field[other]!) > bits) continue
        left.delete(other)
        cluster.push(other)
      }
    }
    clusters.push(cluster.sort((a, b) => a - b))
  }
  return clusters
}
