/**
 * Page's one-sided cumulative sum (Biometrika 41, 1954): S ← max(0, S + x − k), alarm as soon as S ≥ h. It asks after every
 * value whether the values since *some* moment have been too large.
 *
 * - The floor at 0 is what keeps credit from being banked: ten thousand good values leave S where one does.
 * - False alarms: if E[e^(θ(x − k))] ≤ 1 given what came before, a run from 0 lasts e^(θh) values on average, or longer (Lorden,
 *   Ann. Math. Stat. 42, 1971; the proof needs no more than that inequality). It needs a mean below k.
 * - Delay: values of mean μ > k raise an alarm after about h/(μ − k) of them (Wald's equation, overshoot left out).
 * - Values whose mean is below k are not caught, whatever they are: k is the most that is tolerated on average.
 */
export function stepCusum(sum: number, value: number, reference: number): number {
  return Math.max(0, sum + value - reference)
}

/**
 * All that a stretch of values does to a sum which it meets, whatever that sum is: S ↦ max(S + total, end). Sums kept with
 * these four numbers are those of a run over all values, so a floor inside the stretch is not lost.
 */
export interface CusumStretch {
  /** Σ (x − k). */
  readonly total: number
  /** Largest Σ (x − k) over a beginning of the stretch, the empty one included. */
  readonly rise: number
  /** The sum after the stretch, from 0 before it. */
  readonly end: number
  /** The largest sum within the stretch, from 0 before it. */
  readonly peak: number
}

/** @param increments x − k of each value, in order */
export function summariseStretch(increments: Iterable<number>): CusumStretch {
  let [total, rise, end, peak] = [0, 0, 0, 0]
  for (const increment of increments) {
    total += increment
    end = stepCusum(end, increment, 0)
    rise = Math.max(rise, total)
    peak = Math.max(peak, end)
  }
  return { total, rise, end, peak }
}

/** A sum after a stretch, and the largest that it was within. */
export function applyStretch(sum: number, stretch: CusumStretch): { sum: number; peak: number } {
  return {
    sum: Math.max(sum + stretch.total, stretch.end),
    peak: Math.max(sum + stretch.rise, stretch.peak),
  }
}
