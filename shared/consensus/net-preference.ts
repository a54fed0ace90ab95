import type { Preference } from './preference.ts'

/** How far a judge prefers one answer, or answerer, on pairs of equal truth. */
export interface NetPreference {
  /** Wins less losses, by weight. */
  readonly net: number
  /** Comparisons, by weight. */
  readonly count: number
}

/**
 * What one judge's preferences say of each answer of a gold field on pairs of equal truth: both right, or both wrong. There an honest
 * judge has no reason to side with anybody, so a side that it takes again and again is worth a second look. Ties take none and are left
 * out, as in a sign test: answers with one result are tied by rule.
 *
 * @param correct whether each answer is right; null where unknown
 * @returns one an answer; count 0 where it stood in no such pair
 */
export function countEqualPairs(
  preferences: readonly Preference[],
  correct: readonly (boolean | null)[],
): NetPreference[] {
  const nets = correct.map(() => 0)
  const counts = correct.map(() => 0)
  for (const { a, b, winOfA, weight } of preferences) {
    const truth = correct[a] ?? null
    if (winOfA === 0.5 || truth === null || truth !== (correct[b] ?? null)) continue
    const net = weight * (2 * winOfA - 1)
    nets[a]! += net
    nets[b]! -= net
    counts[a]! += weight
    counts[b]! += weight
  }
  return nets.map((net, i) => ({ net, count: counts[i]! }))
}

/**
 * Standard deviations that the net preference lies from none, if each comparison were a fair coin: a bound on the variance, as ties and
 * averages vary less. 0 without comparisons.
 */
export function netPreferenceZ({ net, count }: NetPreference): number {
  return count > 0 ? net / Math.sqrt(count) : 0
}

/** Old counts after one more round; what is `halfLife` rounds old counts half. */
export function addNetPreference(old: NetPreference, fresh: NetPreference, halfLife: number): NetPreference {
  const keep = 0.5 ** (1 / halfLife)
  return { net: old.net * keep + fresh.net, count: old.count * keep + fresh.count }
}
