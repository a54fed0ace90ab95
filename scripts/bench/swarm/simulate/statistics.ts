/** A mean with its standard error. */
export interface Estimate {
  readonly mean: number
  /** 0 where there is only one value. */
  readonly error: number
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The mean of independent values. */
export function estimate(values: readonly number[]): Estimate {
  const middle = mean(values)
  if (values.length < 2) return { mean: middle, error: 0 }
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0)
  return { mean: middle, error: Math.sqrt(squares / (values.length * (values.length - 1))) }
}

/**
 * Ratio of two means of paired values, whose error is that of the residuals y − r·x over the mean of x (the delta method). Pairs that share
 * their luck make it small.
 */
export function ratioEstimate(above: readonly number[], below: readonly number[]): Estimate {
  const ratio = mean(above) / mean(below)
  const residuals = above.map((value, at) => (value - ratio * below[at]!) / mean(below))
  return { mean: ratio, error: estimate(residuals).error }
}
