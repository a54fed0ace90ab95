import type { Preference } from './preference.ts'

/**
 * How far the judges of one field are apart: the mean square difference between what two of them say of one pair, averaged
 * over the pairs that two or more compared. 0 where they are of one mind, 1 where two say the opposite of each other on
 * everything, ½ where half of many stand against the other half.
 *
 * For k judges with wins w of a pair that is 2 (Σ w² − (Σ w)²/k) / (k − 1), twice their variance; what a judge says in both
 * orders counts as its mean.
 *
 * @param judges one entry a judge: its preferences over the field
 * @returns in [0, 1]; null where no pair was compared by two judges
 */
export function fieldDisagreement(judges: readonly (readonly Preference[])[]): number | null {
  const pairs = new Map<string, { count: number; sum: number; squares: number }>()
  for (const preferences of judges) {
    for (const [key, win] of winsOf(preferences)) {
      const { count, sum, squares } = pairs.get(key) ?? { count: 0, sum: 0, squares: 0 }
      pairs.set(key, { count: count + 1, sum: sum + win, squares: squares + win * win })
    }
  }
  const shared = [...pairs.values()].filter(({ count }) => count > 1)
  if (shared.length === 0) return null
  const total = shared.reduce((all, { count, sum, squares }) => {
    return all + (2 * (squares - (sum * sum) / count)) / (count - 1)
  }, 0)
  // Rounding must not carry it out of its range.
  return Math.min(1, Math.max(0, total / shared.length))
}

/** A judge's mean win of the lower index, by pair. */
function winsOf(preferences: readonly Preference[]): Map<string, number> {
  const sums = new Map<string, { wins: number; weight: number }>()
  for (const { a, b, winOfA, weight } of preferences) {
    if (weight <= 0) continue
    const [low, high, win] = a < b ? [a, b, winOfA] : [b, a, 1 - winOfA]
    const before = sums.get(`${low}:${high}`) ?? { wins: 0, weight: 0 }
    sums.set(`${low}:${high}`, { wins: before.wins + win * weight, weight: before.weight + weight })
  }
  return new Map([...sums].map(([key, { wins, weight }]) => [key, wins / weight]))
}
