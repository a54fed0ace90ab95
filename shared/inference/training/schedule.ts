/** Share of the steps over which the rate falls. */
const COOLDOWN = 0.5

/**
 * Linear warm-up over `warmup` steps, `peak` from there on, and a line down to nothing over the second half: the best of
 * the schedules that Hägele et al., "Scaling laws and compute-optimal training beyond fixed training durations", 2024, compare.
 */
export function learningRate(step: number, steps: number, peak: number, warmup: number): number {
  const left = (steps - step) / (COOLDOWN * steps)
  return peak * Math.min(1, (step + 1) / warmup, left)
}
