import type { EpochInput } from '../epoch-types.ts'
import { fastLiquidAlphaOf } from './liquid-alpha.ts'
import { fromProportion, multiply, normalize, ONE, ratio } from './number.ts'
import {
  columnMaxima,
  columnSums,
  divideColumns,
  fromRows,
  mapCells,
  matrixTimesVector,
  type Sparse,
  sparseBuilder,
} from './sparse.ts'

/** What the epoch has found when it comes to bonds. */
export interface Findings {
  readonly weights: Sparse
  readonly activeStake: Float64Array
  readonly consensus: Float64Array
  readonly incentive: Float64Array
}

/** New bonds as fractions of 65535, and what they earn. */
export interface Bonds {
  readonly bonds: Sparse
  readonly dividends: Float64Array
}

/** Yuma 2, as in `reference/bonds.ts`. */
export function growBonds2(input: EpochInput, { weights, activeStake, incentive }: Findings): Bonds {
  const n = input.stake.length
  const live = liveBonds(input)
  const totals = columnSums(live, n)
  const old = mapCells(live, (bond, _, j) => (totals[j] === 0 ? 0 : ratio(bond, totals[j]!)))
  const staked = mapCells(weights, (weight, i) => multiply(weight, activeStake[i]!))
  const added = divideColumns(staked, columnSums(staked, n))
  const averaged = movingAverage(added, old, n, fixedAlpha(input))
  const grown = divideColumns(averaged, columnSums(averaged, n))
  const dividends = normalize(matrixTimesVector(grown, incentive))
  return { bonds: divideColumns(grown, columnMaxima(grown, n)), dividends }
}

/** Yuma 3, as in `reference/bonds.ts`. */
export function growBonds3(input: EpochInput, findings: Findings): Bonds {
  const { weights, activeStake, consensus, incentive } = findings
  const n = input.stake.length
  const old = mapCells(liveBonds(input), fromProportion)
  const isLiquid = input.liquidAlpha !== undefined && consensus.some((value) => value !== 0)
  const bonds = isLiquid
    ? liquidAverage(input, findings, old)
    : movingAverage(weights, old, n, fixedAlpha(input))
  const earned = matrixTimesVector(divideColumns(bonds, columnSums(bonds, n)), incentive)
  const dividends = normalize(earned.map((value, i) => multiply(value, activeStake[i]!)))
  return { bonds, dividends }
}

function liveBonds(input: EpochInput): Sparse {
  const since = input.lastStep === 0 ? Math.max(0, input.block - input.tempo) : input.lastStep + 1
  return fromRows(input.bonds, input.stake.length, (_, j) => since > (input.blockAtRegistration[j] ?? 0))
}

/** `1 − bondsMovingAverage`, which is at most 1,000,000 here. */
function fixedAlpha(input: EpochInput): number {
  return ONE - ratio(input.bondsMovingAverage, 1_000_000)
}

/** `alpha · new + (1 − alpha) · old` by rising column, keeping what is positive. */
function movingAverage(newer: Sparse, older: Sparse, size: number, alpha: number): Sparse {
  const rest = ONE - alpha
  const builder = sparseBuilder(size, newer.values.length + older.values.length)
  const row = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    const [newStart, newEnd] = [newer.starts[i]!, newer.starts[i + 1]!]
    const [oldStart, oldEnd] = [older.starts[i]!, older.starts[i + 1]!]
    if (newStart < newEnd || oldStart < oldEnd) {
      row.fill(0)
      for (let cell = newStart; cell < newEnd; cell++) {
        row[newer.columns[cell]!] = multiply(alpha, newer.values[cell]!)
      }
      for (let cell = oldStart; cell < oldEnd; cell++) {
        row[older.columns[cell]!]! += multiply(rest, older.values[cell]!)
      }
      for (let j = 0; j < size; j++) if (row[j]! > 0) builder.add(j, row[j]!)
    }
    builder.endRow()
  }
  return builder.build()
}

/** An average with an alpha for each cell, held to 1; only cells that have a weight keep a bond. */
function liquidAverage(input: EpochInput, { weights, consensus }: Findings, old: Sparse): Sparse {
  const n = input.stake.length
  const alphaOf = fastLiquidAlphaOf(input.liquidAlpha!)
  const builder = sparseBuilder(n, weights.values.length)
  const [bonds, seenBonds] = [new Float64Array(n), new Float64Array(n)]
  for (let i = 0; i < n; i++) {
    spread(old, i, bonds, seenBonds)
    let last = -1
    for (let cell = weights.starts[i]!; cell < weights.starts[i + 1]!; cell++) {
      const j = weights.columns[cell]!
      const weight = weights.values[cell]!
      // Alphas come of one pass by rising column, which misses a cell that stands after a larger column.
      const alpha = alphaOf(consensus[j]!, j > last ? weight : 0, seenBonds[j]!)
      last = Math.max(last, j)
      const bond = multiply(ONE - alpha, bonds[j]!) + Math.max(0, multiply(alpha, weight))
      if (bond > 0) builder.add(j, Math.min(ONE, bond))
    }
    builder.endRow()
  }
  return builder.build()
}

/** Writes a row of bonds densely: all of it, and what one pass by rising column meets. */
function spread(
  { starts, columns, values }: Sparse,
  row: number,
  all: Float64Array,
  met: Float64Array,
): void {
  all.fill(0)
  met.fill(0)
  let last = -1
  for (let cell = starts[row]!; cell < starts[row + 1]!; cell++) {
    const j = columns[cell]!
    all[j] = values[cell]!
    if (j > last) met[j] = values[cell]!
    last = Math.max(last, j)
  }
}
