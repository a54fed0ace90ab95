/** Linear warm-up over `warmup` steps, then a cosine from `peak` down to a twentieth of it at the last step. */
export function learningRate(step: number, steps: number, peak: number, warmup: number): number {
  if (step < warmup) return (peak * (step + 1)) / warmup
  const progress = (step - warmup) / Math.max(1, steps - 1 - warmup)
  const cosine = 0.5 * (1 + Math.cos(Math.PI * Math.min(1, progress)))
  return peak * (0.05 + 0.95 * cosine)
}
