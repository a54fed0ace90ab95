import { StarlingError } from '../../process/errors.ts'

/** What an operator wants of a threshold. */
export interface ThresholdWish {
  /** k: above the honest mean, and below the mean of the lightest cheat that is worth catching. */
  readonly reference: number
  /** Honest answers from one false alarm to the next, on average. */
  readonly answersPerAlarm: number
}

/**
 * The threshold h at which honest answers like those of the sample raise one alarm in `answersPerAlarm` answers, or fewer:
 * h = ln(tokens from one alarm to the next) / θ, where θ > 0 solves E[e^(θ(x − k))] = 1.
 *
 * - θ is the smaller of those over tokens and over whole answers: noise that clusters in some answers adds up faster there.
 * - A sample says nothing of what is rarer than one in its size. One imaginary token twice as large as the largest, and one
 *   more answer as bad as the worst, stand for that; honest answers with a heavier tail alarm more often. Clip first.
 *
 * @param honest one list of clipped values an answer, in order
 * @throws StarlingError CUSUM_REFERENCE when no threshold fits: k is not above the mean, or above everything
 */
export function chooseThreshold(honest: readonly ArrayLike<number>[], wish: ThresholdWish): number {
  const { reference, answersPerAlarm } = wish
  const increments = honest.flatMap((values) => Array.from(values, (value) => value - reference))
  const totals = honest.map((values) => Array.from(values).reduce((sum, value) => sum + value - reference, 0))
  const largest = increments.reduce((most, increment) => Math.max(most, increment), -reference) + reference
  increments.push(2 * largest - reference)
  totals.push(totals.reduce((most, total) => Math.max(most, total), 0))
  if (mean(increments) >= 0 || mean(totals) >= 0) {
    throw badReference(`k = ${reference} is not above the honest mean`, 'take a larger k')
  }
  if (2 * largest <= reference) {
    throw badReference(`k = ${reference} is above twice every honest value`, 'take a smaller k, or h = k')
  }
  const exponent = Math.min(solveExponent(increments), solveExponent(totals))
  return Math.log(answersPerAlarm * Math.max(1, increments.length / honest.length)) / exponent
}

/** θ > 0 with mean(e^(θ·increment)) = 1 for increments of negative mean; infinite when none is positive. */
function solveExponent(increments: readonly number[]): number {
  const most = increments.reduce((a, b) => Math.max(a, b), 0)
  if (most === 0) return Number.POSITIVE_INFINITY
  // The mean is convex in θ, 1 at 0 and falling there. It is above 1 once the largest increment alone weighs n.
  let below = 0
  let above = Math.log(increments.length + 1) / most
  for (let halving = 0; halving < 50; halving++) {
    const middle = (below + above) / 2
    if (mean(increments.map((increment) => Math.exp(middle * increment))) > 1) above = middle
    else below = middle
  }
  return below
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function badReference(what: string, remedy: string): StarlingError {
  return new StarlingError('CUSUM_REFERENCE', what, remedy)
}
