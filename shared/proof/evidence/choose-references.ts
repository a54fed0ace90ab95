import { POSITION_BUCKET } from './parameters.ts'

/**
 * k by bucket of 64 positions, between the means of honest answers and of the lightest cheat that is worth catching:
 * (μ₁ − μ₀)/(ln μ₁ − ln μ₀), the best reference for counts of rare events (Lucas, Technometrics 27, 1985), which margins
 * nearly are: most are 0, and honest and cheating answers differ in how many are not.
 *
 * @param honest values of each answer, in order and clipped; likewise `cheat`
 * @returns as many buckets as both samples fill
 */
export function chooseReferences(
  honest: readonly ArrayLike<number>[],
  cheat: readonly ArrayLike<number>[],
): number[] {
  const [own, other] = [bucketSums(honest), bucketSums(cheat)]
  // One honest value in the sample's size stands for what it was too small to show; otherwise k could be 0.
  const unseen = Math.max(...own.map(({ largest }) => largest))
  return own.slice(0, other.length).map(({ sum, count }, bucket) => {
    const [low, high] = [(sum + unseen) / (count + 1), other[bucket]!.sum / other[bucket]!.count]
    return high > low && low > 0 ? (high - low) / Math.log(high / low) : low
  })
}

interface BucketSum {
  sum: number
  count: number
  largest: number
}

function bucketSums(answers: readonly ArrayLike<number>[]): BucketSum[] {
  const buckets: BucketSum[] = []
  for (const values of answers) {
    for (let position = 0; position < values.length; position++) {
      const at = Math.floor(position / POSITION_BUCKET)
      const { sum, count, largest } = buckets[at] ?? { sum: 0, count: 0, largest: 0 }
      const value = values[position]!
      buckets[at] = { sum: sum + value, count: count + 1, largest: Math.max(largest, value) }
    }
  }
  return buckets
}
