import { taggedHash } from '../proof/hash.ts'
import { seededRandom } from '../proof/random.ts'

/** One comparison of two answers of a field, by their places; `a` is shown first. */
export interface ScheduledPair {
  readonly a: number
  readonly b: number
}

/** Seed of the order in which one judge compares a challenge's answers: 32 bytes from 32 and 32. */
export function pairOrderSeed(challenge: Uint8Array, judge: Uint8Array): Uint8Array {
  return taggedHash('starling/pair-order/v1', challenge, judge)
}

/**
 * The pairs that a judge compares of n answers, each in both orders: neighbours in a permutation, so that all of them hang
 * together, and answers half a field apart, so that no two are far from each other. About 3n − 2, where all pairs in both
 * orders would be n² − n.
 * @param seed 32 bytes that decide the permutation
 */
export function pairSchedule(n: number, seed: Uint8Array): ScheduledPair[] {
  const places = permutation(n, seed)
  const half = Math.ceil(n / 2)
  const chain = Array.from({ length: Math.max(0, n - 1) }, (_, i) => [i, i + 1] as const)
  // Of two answers it would be the chain again.
  const shifted = n < 3 ? [] : Array.from({ length: n - half }, (_, i) => [i, i + half] as const)
  return [...chain, ...shifted].flatMap(([first, second]) => {
    const [a, b] = [places[first]!, places[second]!]
    return [
      { a, b },
      { a: b, b: a },
    ]
  })
}

/** 0 … n − 1 in an order by a seed (Fisher and Yates). */
function permutation(n: number, seed: Uint8Array): number[] {
  const random = seededRandom(seed)
  const places = Array.from({ length: n }, (_, i) => i)
  for (let last = n - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    ;[places[last], places[other]] = [places[other]!, places[last]!]
  }
  return places
}
