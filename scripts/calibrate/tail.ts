/** Share of the sample that stands for its tail. */
const TAIL_SHARE = 0.05
/** Fewer say nothing about a tail. */
const LEAST_TAIL = 10
/** Values that a threshold can be taken from, at least. */
export const LEAST_SAMPLE = 40

/** Mean log distance of one leaf, or of two of an answer. */
export interface LeafMean {
  /** Index of the answer. */
  readonly answer: number
  readonly value: number
}

/**
 * The value that all but a share `level` of honest values keep below, and never below the largest one seen.
 *
 * Beyond the sample it is extrapolated: the excesses over the 95 % quantile are taken to be exponential, which for logarithms of
 * distances says that distances fall off like a power (Hill, Ann. Stat. 3, 1975; Weissman, J. Am. Stat. Assoc. 73, 1978).
 * Rounding errors fall off faster, so this errs on the side of the honest. The rate is raised by two of its standard errors,
 * counted in answers and not in values, because leaves of one answer err together.
 *
 * @param values at least LEAST_SAMPLE
 */
export function tailThreshold(values: readonly LeafMean[], level: number): number {
  const sorted = values.toSorted((a, b) => b.value - a.value)
  const count = Math.max(LEAST_TAIL, Math.ceil(TAIL_SHARE * sorted.length))
  const tail = sorted.slice(0, count)
  const start = sorted[count]!.value
  const excess = tail.reduce((sum, { value }) => sum + value - start, 0) / count
  const answers = new Set(tail.map(({ answer }) => answer)).size
  const share = count / sorted.length
  const beyond = excess * (1 + 2 / Math.sqrt(answers)) * Math.max(0, Math.log(share / level))
  return Math.max(sorted[0]!.value, start + beyond)
}
