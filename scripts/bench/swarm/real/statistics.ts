import { quantile } from '../../../calibrate/statistics.ts'

export interface Interval {
  readonly low: number
  readonly high: number
}

/**
 * Bootstrap interval of a statistic over items drawn with replacement (percentile method, Efron 1979), 95 % two-sided.
 * @param statistic of the numbers of items drawn, which may repeat
 */
export function bootstrap(
  count: number,
  statistic: (drawn: Uint32Array) => number,
  random: () => number,
  resamples = 2_000,
): Interval {
  const values = new Float64Array(resamples)
  const drawn = new Uint32Array(count)
  for (let r = 0; r < resamples; r++) {
    for (let i = 0; i < count; i++) drawn[i] = Math.floor(random() * count)
    values[r] = statistic(drawn)
  }
  values.sort()
  return { low: quantile(values, 0.025), high: quantile(values, 0.975) }
}

/**
 * Upper end of the one-sided 95 % interval of a rate after k of n (Clopper and Pearson, 1934): the rate at which k or fewer of n come
 * with probability 0.05. 1 where nothing was tried.
 */
export function upperRate(k: number, n: number): number {
  if (k >= n) return 1
  let [low, high] = [k / n, 1]
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2
    if (atMost(k, n, middle) > 0.05) low = middle
    else high = middle
  }
  return high
}

/** Probability of at most k of n at a rate. */
function atMost(k: number, n: number, rate: number): number {
  let [logTerm, sum] = [n * Math.log1p(-rate), 0]
  for (let i = 0; i <= k; i++) {
    sum += Math.exp(logTerm)
    logTerm += Math.log((n - i) / (i + 1)) + Math.log(rate) - Math.log1p(-rate)
  }
  return sum
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return values.length === 0 ? Number.NaN : sum / values.length
}
