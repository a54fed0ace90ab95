/** One look: when, in milliseconds, and what was seen. */
export type Look = readonly [at: number, value: number]

/** What a value did over the looks that are left after a warm-up. */
export interface Trend {
  /** Middle value. */
  readonly median: number
  /** Growth from the first of the looks to the last, along the line of Theil (1950) and Sen (1968): the median of the slopes of all pairs. */
  readonly growth: number
  readonly looks: number
}

/** Lone peaks and dips, however high, do not move the line. @returns undefined of fewer than `least` looks */
export function trendOf(looks: readonly Look[], least: number): Trend | undefined {
  if (looks.length < Math.max(2, least)) return undefined
  const slopes: number[] = []
  for (const [i, [at, value]] of looks.entries())
    for (const [laterAt, later] of looks.slice(i + 1))
      if (laterAt > at) slopes.push((later - value) / (laterAt - at))
  const span = looks.at(-1)![0] - looks[0]![0]
  return {
    median: median(looks.map(([, value]) => value)),
    growth: median(slopes) * span,
    looks: looks.length,
  }
}

/** Grew by less than a share of what there is, or by less than `least`, which is noise. */
export function isFlat({ median: middle, growth }: Trend, share: number, least: number): boolean {
  return growth <= Math.max(share * middle, least)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length === 0) return 0
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
