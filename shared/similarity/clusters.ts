import { bandsFor, candidatePairs } from './lsh-index.ts'
import { hammingDistance } from './simhash.ts'

/**
 * Clusters of hashes: whatever a chain of pairs joins that differ in at most `bits` bits. No order decides anything: the same hashes
 * make the same clusters however they are shuffled. All pairs up to 255 bits apart are found.
 * @param more pairs that belong together for another reason
 * @returns indices, ascending in each cluster, the clusters by their first
 */
export function clusterHashes(
  hashes: readonly Uint8Array[],
  bits: number,
  more: readonly (readonly [number, number])[] = [],
): number[][] {
  const near = candidatePairs(hashes, bandsFor(bits)).filter(
    ([i, j]) => hammingDistance(hashes[i]!, hashes[j]!) <= bits,
  )
  return joinPairs(hashes.length, [...near, ...more])
}

/** Connected components of a graph of `count` nodes: indices, ascending in each, the components by their first. */
export function joinPairs(count: number, pairs: readonly (readonly [number, number])[]): number[][] {
  const parent = Uint32Array.from({ length: count }, (_, i) => i)
  const rootOf = (i: number): number => {
    let root = i
    while (parent[root] !== root) {
      // Halves the path, so that long chains stay cheap.
      parent[root] = parent[parent[root]!]!
      root = parent[root]!
    }
    return root
  }
  for (const [i, j] of pairs) {
    const [a, b] = [rootOf(i), rootOf(j)]
    // The lower index is the root: a cluster then comes where its first is.
    parent[Math.max(a, b)] = Math.min(a, b)
  }
  const clusters = new Map<number, number[]>()
  for (let i = 0; i < count; i++) {
    const root = rootOf(i)
    const cluster = clusters.get(root)
    if (cluster === undefined) clusters.set(root, [i])
    else cluster.push(i)
  }
  return [...clusters.values()]
}
