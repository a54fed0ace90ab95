import { add, type I32F32, subtract, sum } from '../fixed-point.ts'
import { dense, type Matrix } from './matrix.ts'
import { normalize } from './vector.ts'

/**
 * For each column the score that stake of more than `majority` gives it at least. Rows without stake have no say.
 * (`weighted_median_col_sparse`)
 */
export function weightedMedianColumns(
  stake: readonly I32F32[],
  scores: Matrix,
  columns: number,
  majority: I32F32,
): I32F32[] {
  const voters = [...stake.keys()].filter((i) => stake[i]! > 0n)
  const votes = normalize(voters.map((i) => stake[i]!))
  const minority = subtract(sum(votes), majority)
  const rows = voters.map((i) => dense(scores[i]!, columns))
  return Array.from({ length: columns }, (_, j) =>
    weightedMedian(
      votes,
      rows.map((row) => row[j]!),
      minority,
    ),
  )
}

/**
 * The score at which stake, added up by rising score, passes `minority`. Halves the candidates around the one in the
 * middle, since the order of additions decides about the last bit. 0 without candidates.
 */
export function weightedMedian(stake: readonly I32F32[], score: readonly I32F32[], minority: I32F32): I32F32 {
  let candidates = [...score.keys()]
  let low = 0n
  let high = sum(stake)
  while (candidates.length > 1) {
    const pivot = score[candidates[candidates.length >> 1]!]!
    const lower = candidates.filter((index) => score[index]! < pivot)
    const upper = candidates.filter((index) => score[index]! > pivot)
    const lowerEnd = add(low, sum(lower.map((index) => stake[index]!)))
    const upperStart = subtract(high, sum(upper.map((index) => stake[index]!)))
    if (minority < lowerEnd && lower.length > 0) {
      candidates = lower
      high = lowerEnd
    } else if (upperStart <= minority && upper.length > 0) {
      candidates = upper
      low = upperStart
    } else return pivot
  }
  return candidates.length === 0 ? 0n : score[candidates[0]!]!
}
