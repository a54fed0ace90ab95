/** The value below which a share of the sorted values lies, by linear interpolation. */
export function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1)
  const low = Math.floor(at)
  const [a, b] = [sorted[low]!, sorted[Math.min(low + 1, sorted.length - 1)]!]
  return a + (at - low) * (b - a)
}

/**
 * Chance that a value of `higher` is above one of `lower`, ties counted half (Mann and Whitney, 1947): the area under the
 * curve of a detector that looks at one row. 1 where the two do not overlap.
 */
export function areaUnderCurve(lower: Float64Array, higher: Float64Array): number {
  const sorted = lower.toSorted()
  let wins = 0
  for (const value of higher) wins += (countBelow(sorted, value, false) + countBelow(sorted, value, true)) / 2
  return wins / (lower.length * higher.length)
}

/** How many sorted values are below, or at most, a value. */
function countBelow(sorted: Float64Array, value: number, orEqual: boolean): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const isBelow = orEqual ? sorted[middle]! <= value : sorted[middle]! < value
    if (isBelow) low = middle + 1
    else high = middle
  }
  return low
}

export function meanAndVariance(values: Float64Array): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, variance }
}
