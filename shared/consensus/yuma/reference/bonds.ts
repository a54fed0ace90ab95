import type { EpochInput, LiquidAlpha } from '../epoch-types.ts'
import { exponential } from '../exponential.ts'
import {
  add,
  clamp,
  fromInteger,
  fromProportion,
  type I32F32,
  multiply,
  ONE,
  safeDivide,
  saturate,
  saturatingDivide,
  subtract,
  U16_MAX,
} from '../fixed-point.ts'
import {
  dense,
  fromRows,
  type Matrix,
  mapCells,
  matrixTimesVector,
  movingAverage,
  normalizeColumns,
  retain,
  rowSums,
  scaleColumns,
  scaleRows,
  upscaleColumns,
} from './matrix.ts'
import { normalize } from './vector.ts'

/** What the epoch has found when it comes to bonds. */
export interface Findings {
  readonly weights: Matrix
  readonly activeStake: readonly I32F32[]
  readonly consensus: readonly I32F32[]
  readonly incentive: readonly I32F32[]
}

/** New bonds as the chain stores them, as fractions of 65535, and what they earn. */
export interface Bonds {
  readonly bonds: Matrix
  readonly dividends: readonly I32F32[]
}

/** Bonds as shares of each miner, in which what a validator adds counts by its stake. */
export function growBonds2(input: EpochInput, { weights, activeStake, incentive }: Findings): Bonds {
  const n = input.stake.length
  const old = normalizeColumns(liveBonds(input), n)
  const added = normalizeColumns(scaleRows(weights, activeStake), n)
  const grown = normalizeColumns(movingAverage(added, old, n, fixedAlpha(input)), n)
  const dividends = normalize(matrixTimesVector(grown, incentive))
  return { bonds: upscaleColumns(grown, n), dividends }
}

/** Bonds that follow each validator's own weights; stake counts when dividends are shared out. */
export function growBonds3(input: EpochInput, findings: Findings): Bonds {
  const { weights, activeStake, consensus, incentive } = findings
  const n = input.stake.length
  const old = mapCells(liveBonds(input), (bond) => safeDivide(bond, U16_MAX))
  const bonds =
    input.liquidAlpha !== undefined && consensus.some((value) => value !== 0n)
      ? liquidAverage(weights, old, consensus, input.liquidAlpha)
      : movingAverage(weights, old, n, fixedAlpha(input))
  const earned = rowSums(scaleColumns(normalizeColumns(bonds, n), incentive))
  const dividends = normalize(earned.map((value, i) => multiply(value, activeStake[i]!)))
  return { bonds, dividends }
}

/** Bonds without those that were with a neuron which has left since the last epoch. */
function liveBonds(input: EpochInput): Matrix {
  const since = input.lastStep === 0 ? Math.max(0, input.block - input.tempo) : input.lastStep + 1
  return retain(
    fromRows(input.bonds, input.stake.length),
    (_, j) => since > (input.blockAtRegistration[j] ?? 0),
  )
}

/** How much of a new bond counts where this is the same for all: `1 − bondsMovingAverage`. */
function fixedAlpha(input: EpochInput): I32F32 {
  const kept = (BigInt(input.bondsMovingAverage) << 64n) / 1_000_000n
  return subtract(ONE, saturate(kept >> 32n))
}

/**
 * A moving average with an alpha for each cell, held to [0, 1]. Only cells that have a weight keep a bond.
 * (`mat_ema_alpha_sparse`)
 */
export function averageByCell(
  weights: Matrix,
  bonds: Matrix,
  columns: number,
  alphaOf: (row: number, column: number) => I32F32,
): Matrix {
  const grown = weights.map((row, i) => {
    const old = dense(bonds[i]!, columns)
    return row.map(([j, weight]) => {
      const alpha = alphaOf(i, j)
      const decayed = multiply(subtract(ONE, alpha), old[j]!)
      const added = multiply(alpha, weight)
      const bond = add(decayed, added > 0n ? added : 0n)
      return [j, bond < ONE ? bond : ONE] as const
    })
  })
  return grown.map((row) => row.filter(([, value]) => value > 0n))
}

function liquidAverage(
  weights: Matrix,
  bonds: Matrix,
  consensus: readonly I32F32[],
  liquidAlpha: LiquidAlpha,
): Matrix {
  const seen = { weights: weights.map(inOrder), bonds: bonds.map(inOrder) }
  const alpha = liquidAlphaOf(liquidAlpha)
  return averageByCell(weights, bonds, consensus.length, (i, j) =>
    alpha(consensus[j]!, seen.weights[i]!.get(j) ?? 0n, seen.bonds[i]!.get(j) ?? 0n),
  )
}

/**
 * The cells of a row that one pass by rising column meets: a cell that stands after one with a larger column is missed.
 * Rows are stored as their validator wrote them, so that alphas differ with their order.
 */
function inOrder(row: Matrix[number]): ReadonlyMap<number, I32F32> {
  let last = -1
  const met = new Map<number, I32F32>()
  for (const [j, value] of row) {
    if (j <= last) continue
    met.set(j, value)
    last = j
  }
  return met
}

/** The alpha of a cell by consensus, weight and bond. (`alpha_sigmoid`) */
export function liquidAlphaOf(parameters: LiquidAlpha) {
  const low = fromProportion(parameters.alphaLow)
  const high = fromProportion(parameters.alphaHigh)
  const slope = saturatingDivide(fromInteger(parameters.alphaSigmoidSteepness), fromInteger(-100))
  return (consensus: I32F32, weight: I32F32, bond: I32F32): I32F32 => {
    const difference = clamp(weight >= bond ? subtract(weight, consensus) : subtract(bond, weight), 0n, ONE)
    const exponent = multiply(slope, subtract(difference, ONE / 2n))
    const sigmoid = saturatingDivide(ONE, add(ONE, exponential(exponent)))
    return clamp(add(low, multiply(sigmoid, subtract(high, low))), low, high)
  }
}
