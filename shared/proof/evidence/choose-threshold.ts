import { StarlingError } from '../../process/errors.ts'
import { incrementsOf } from './evidence.ts'
import type { EvidenceParameters, PlacedValues } from './parameters.ts'

/** How values are to be summed, and how often that may wrong an honest miner. */
export interface ThresholdWish extends Pick<EvidenceParameters, 'references' | 'clip'> {
  /** Honest answers from one false alarm to the next, on average. */
  readonly answersPerAlarm: number
}

/**
 * The threshold h at which honest answers like those of the sample raise one alarm in `answersPerAlarm` answers, or fewer:
 * h = ln(answersPerAlarm · c)/θ. θ > 0 solves E[e^(θ(x − k))] = 1, and c is the sum of e^(θ(x − k)) over an answer's values above
 * k: only there can a sum leave 0, and each such start adds its part to Lorden's martingale.
 *
 * - θ is the smaller of those over values and over whole answers: noise that clusters in some answers adds up faster there.
 * - A sample says nothing of what is rarer than one in its size. One imaginary value twice as large as the largest, and one
 *   more answer as bad as the worst, stand for that; honest answers with a heavier tail alarm more often.
 * - It is a bound where values are independent. In simulations of 500 sampled answers, clustered or not, fresh ones alarmed between
 *   a third and a fortieth as often as allowed.
 *
 * @param honest values of each answer, in order; those at positions without a k are left out
 * @throws StarlingError CUSUM_REFERENCE when no threshold fits: a k is not above the mean, or above everything
 */
export function chooseThreshold(honest: readonly PlacedValues[], wish: ThresholdWish): number {
  const runs = honest.map((placed) => incrementsOf(placed, wish))
  const increments = runs.flat()
  if (increments.some(Number.isNaN)) {
    throw new StarlingError('CUSUM_SAMPLE', 'a sampled value is not a number', 'leave that answer out')
  }
  const totals = runs.map((run) => run.reduce((sum, increment) => sum + increment, 0))
  const least = Math.min(...wish.references)
  increments.push(2 * largest(increments, -least) + least)
  totals.push(largest(totals, 0))
  if (mean(increments) >= 0 || mean(totals) >= 0) {
    throw badReference('k is not above the honest mean', 'take a larger k, or sample more')
  }
  if (increments.at(-1)! <= 0) {
    throw badReference('k is above twice every honest value', 'take a smaller k')
  }
  const exponent = Math.min(solveExponent(increments), solveExponent(totals))
  const starts = sumOf(increments, (increment) => (increment > 0 ? Math.exp(exponent * increment) : 0))
  return Math.log(Math.max(Math.E, (wish.answersPerAlarm * starts) / honest.length)) / exponent
}

/** θ > 0 with mean(e^(θ·increment)) = 1 for increments of negative mean; infinite when none is positive. */
function solveExponent(increments: readonly number[]): number {
  const most = largest(increments, 0)
  if (most === 0) return Number.POSITIVE_INFINITY
  // The mean is convex in θ, 1 at 0 and falling there. It is above 1 once the largest increment alone weighs n.
  let below = 0
  let above = Math.log(increments.length + 1) / most
  for (let halving = 0; halving < 50; halving++) {
    const middle = (below + above) / 2
    if (sumOf(increments, (increment) => Math.exp(middle * increment)) > increments.length) above = middle
    else below = middle
  }
  return below
}

function largest(values: readonly number[], least: number): number {
  return values.reduce((most, value) => Math.max(most, value), least)
}

function mean(values: readonly number[]): number {
  return sumOf(values, (value) => value) / values.length
}

function sumOf(values: readonly number[], termOf: (value: number) => number): number {
  let sum = 0
  for (const value of values) sum += termOf(value)
  return sum
}

function badReference(what: string, remedy: string): StarlingError {
  return new StarlingError('CUSUM_REFERENCE', what, remedy)
}
