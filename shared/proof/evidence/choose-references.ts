import { clipped } from './evidence.ts'
import { type PlacedValues, POSITION_BUCKET } from './parameters.ts'

/**
 * k by bucket of 64 positions, between the means of honest answers and of the lightest cheat that is worth catching:
 * (μ₁ − μ₀)/(ln μ₁ − ln μ₀), the best reference for counts of rare events (Lucas, Technometrics 27, 1985), which margins
 * nearly are: most are 0, and honest and cheating answers differ in how many are not.
 *
 * @returns as many buckets, from position 0 on, as both samples fill
 */
export function chooseReferences(
  honest: readonly PlacedValues[],
  cheat: readonly PlacedValues[],
  clip: number,
): number[] {
  const [own, other] = [bucketSums(honest, clip), bucketSums(cheat, clip)]
  // One honest value in the sample's size stands for what it was too small to show; otherwise k could be 0.
  const unseen = Math.max(...own.map(({ largest }) => largest))
  return own.slice(0, other.length).map(({ sum, count }, bucket) => {
    const [low, high] = [(sum + unseen) / (count + 1), other[bucket]!.sum / other[bucket]!.count]
    return high > low && low > 0 ? (high - low) / Math.log(high / low) : low
  })
}

interface BucketSum {
  readonly sum: number
  readonly count: number
  readonly largest: number
}

/** Of the buckets from position 0 up to the first that holds nothing. */
function bucketSums(answers: readonly PlacedValues[], clip: number): BucketSum[] {
  const buckets = new Map<number, BucketSum>()
  for (const { values, positions } of answers) {
    for (let i = 0; i < values.length; i++) {
      const at = Math.floor(positions[i]! / POSITION_BUCKET)
      const { sum, count, largest } = buckets.get(at) ?? { sum: 0, count: 0, largest: 0 }
      const value = clipped(values[i]!, clip)
      buckets.set(at, { sum: sum + value, count: count + 1, largest: Math.max(largest, value) })
    }
  }
  const filled: BucketSum[] = []
  for (let at = 0; buckets.has(at); at++) filled.push(buckets.get(at)!)
  return filled
}
