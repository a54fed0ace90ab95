import type { Preference } from '../../../shared/consensus/preference.ts'

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

/** Gradient of the log posterior in θ = ln π, written from the model and not from the iteration. */
export function gradient(theta: readonly number[], preferences: readonly Preference[]): number[] {
  const slope = theta.map((t) => 1 - 2 * sigmoid(t))
  for (const { a, b, winOfA, weight } of preferences) {
    const surplus = weight * (winOfA - sigmoid(theta[a]! - theta[b]!))
    slope[a] = slope[a]! + surplus
    slope[b] = slope[b]! - surplus
  }
  return slope
}

/** Maximum of the log posterior by gradient ascent with a step below 1 / (largest possible curvature). */
export function ascend(count: number, preferences: readonly Preference[], steps: number): number[] {
  const degree = new Array<number>(count).fill(0)
  for (const { a, b, weight } of preferences) {
    degree[a] = degree[a]! + weight
    degree[b] = degree[b]! + weight
  }
  const rate = 1 / (0.5 + Math.max(...degree) / 2)
  let theta = new Array<number>(count).fill(0)
  for (let step = 0; step < steps; step++) {
    const slope = gradient(theta, preferences)
    theta = theta.map((t, i) => t + rate * slope[i]!)
  }
  return theta
}
