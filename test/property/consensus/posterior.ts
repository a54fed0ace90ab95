import { Matrix, solve } from 'ml-matrix'
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

/** Maximum of the log posterior by Newton's method on a dense Hessian, each step halved until it climbs. */
export function newton(count: number, preferences: readonly Preference[]): number[] {
  let theta = new Array<number>(count).fill(0)
  for (let step = 0; step < 100; step++) {
    const slope = gradient(theta, preferences)
    const move = solve(curvature(theta, preferences), Matrix.columnVector(slope)).to1DArray()
    const before = logPosterior(theta, preferences)
    let scale = 1
    let next = theta.map((t, i) => t + move[i]!)
    while (logPosterior(next, preferences) < before && scale > 1e-12) {
      scale /= 2
      next = theta.map((t, i) => t + scale * move[i]!)
    }
    theta = next
    if (Math.max(...move.map(Math.abs)) < 1e-12) break
  }
  return theta
}

/** The negated Hessian of the log posterior. */
function curvature(theta: readonly number[], preferences: readonly Preference[]): Matrix {
  const hessian = Matrix.diag(theta.map((t) => 2 * sigmoid(t) * sigmoid(-t)))
  for (const { a, b, weight } of preferences) {
    const value = weight * sigmoid(theta[a]! - theta[b]!) * sigmoid(theta[b]! - theta[a]!)
    for (const [i, j, sign] of [
      [a, a, 1],
      [b, b, 1],
      [a, b, -1],
      [b, a, -1],
    ] as const)
      hessian.set(i, j, hessian.get(i, j) + sign * value)
  }
  return hessian
}

function logPosterior(theta: readonly number[], preferences: readonly Preference[]): number {
  const logSigmoid = (x: number) => (x > 0 ? -Math.log1p(Math.exp(-x)) : x - Math.log1p(Math.exp(x)))
  let sum = theta.reduce((total, t) => total + logSigmoid(t) + logSigmoid(-t), 0)
  for (const { a, b, winOfA, weight } of preferences) {
    const difference = theta[a]! - theta[b]!
    sum += weight * (winOfA * logSigmoid(difference) + (1 - winOfA) * logSigmoid(-difference))
  }
  return sum
}
