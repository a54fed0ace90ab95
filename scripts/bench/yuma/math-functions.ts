import { exponential } from '../../../shared/consensus/yuma/exponential.ts'
import * as fixed from '../../../shared/consensus/yuma/fixed-point.ts'
import { averageByCell } from '../../../shared/consensus/yuma/reference/bonds.ts'
import * as matrices from '../../../shared/consensus/yuma/reference/matrix.ts'
import { weightedMedian, weightedMedianColumns } from '../../../shared/consensus/yuma/reference/median.ts'
import * as vectors from '../../../shared/consensus/yuma/reference/vector.ts'

type I32F32 = fixed.I32F32
type Dense = I32F32[][]

/** What a vector's `arguments` may hold, its numbers turned into fixed-point ones. Each function takes some. */
export interface MathArguments {
  readonly values: I32F32[]
  readonly x: I32F32[]
  readonly y: I32F32[]
  readonly vector: I32F32[]
  readonly limits: I32F32[]
  readonly stake: I32F32[]
  readonly score: I32F32[]
  readonly majority: I32F32
  readonly ratio: I32F32
  readonly rho: I32F32
  readonly kappa: I32F32
  readonly matrix: Dense
  readonly from: Dense
  readonly to: Dense
  readonly weights: Dense
  readonly bonds: Dense
  readonly alphas: Dense
  readonly masked: boolean[]
  readonly count: number
  readonly amounts: bigint[]
}

export type MathResult = I32F32 | I32F32[] | Dense | boolean[]

const columnsOf = (dense: Dense) => dense[0]?.length ?? 0

/** Cells that are not zero, which is how the epoch holds matrices. */
const sparse = (dense: Dense): matrices.Matrix =>
  dense.map((row) => row.flatMap((value, j): matrices.Cell[] => (value === 0n ? [] : [[j, value]])))

/** Applies a function of matrices to dense ones, and gives back a dense one. */
const densely = (dense: Dense, apply: (matrix: matrices.Matrix, columns: number) => matrices.Matrix): Dense =>
  apply(sparse(dense), columnsOf(dense)).map((row) => matrices.dense(row, columnsOf(dense)))

const pairwise = (x: I32F32[], y: I32F32[], apply: (x: I32F32, y: I32F32) => I32F32) =>
  x.slice(0, y.length).map((value, index) => apply(value, y[index]!))

/** 1 / (1 + e^(−rho · (value − kappa))); the epoch has it within liquid alpha only. */
function sigmoid(value: I32F32, rho: I32F32, kappa: I32F32): I32F32 {
  const exponent = fixed.multiply(fixed.multiply(rho, -fixed.ONE), fixed.subtract(value, kappa))
  return fixed.safeDivide(fixed.ONE, fixed.add(exponential(exponent), fixed.ONE))
}

/** The functions that vectors of mathematics name. */
export const MATH_FUNCTIONS: Readonly<Record<string, (given: MathArguments) => MathResult>> = {
  sum: ({ values }) => fixed.sum(values),
  multiply: ({ x, y }) => pairwise(x, y, fixed.multiply),
  safeDivide: ({ x, y }) => pairwise(x, y, fixed.safeDivide),
  toProportion: ({ values }) => values.map((value) => fixed.fromInteger(fixed.toProportion(value))),
  sigmoid: ({ values, rho, kappa }) => values.map((value) => sigmoid(value, rho, kappa)),
  normalize: ({ values }) => vectors.normalize(values),
  normalizeAmounts: ({ amounts }) => vectors.normalizeAmounts(amounts),
  mask: ({ values, masked }) => vectors.mask(values, masked),
  isTopNonzero: ({ values, count }) => vectors.isTopNonzero(values, count),
  normalizeRows: ({ matrix }) => densely(matrix, matrices.normalizeRows),
  normalizeColumns: ({ matrix }) => densely(matrix, matrices.normalizeColumns),
  upscaleColumns: ({ matrix }) => densely(matrix, matrices.upscaleColumns),
  scaleRows: ({ matrix, vector }) => densely(matrix, (sparse) => matrices.scaleRows(sparse, vector)),
  scaleColumns: ({ matrix, vector }) => densely(matrix, (sparse) => matrices.scaleColumns(sparse, vector)),
  clipColumns: ({ matrix, limits }) => densely(matrix, (sparse) => matrices.clipColumns(sparse, limits)),
  rowSums: ({ matrix }) => matrices.rowSums(sparse(matrix)),
  vectorTimesMatrix: ({ matrix, vector }) =>
    matrices.vectorTimesMatrix(vector, sparse(matrix), columnsOf(matrix)),
  matrixTimesVector: ({ matrix, vector }) => matrices.matrixTimesVector(sparse(matrix), vector),
  weightedMedian: ({ stake, score, majority }) =>
    weightedMedian(stake, score, fixed.subtract(fixed.ONE, majority)),
  weightedMedianColumns: ({ stake, matrix, majority }) =>
    weightedMedianColumns(stake, sparse(matrix), columnsOf(matrix), majority),
  interpolate: ({ from, to, ratio }) =>
    densely(from, (sparseFrom, columns) => matrices.interpolate(sparseFrom, sparse(to), columns, ratio)),
  averageByCell: ({ weights, bonds, alphas }) =>
    densely(weights, (sparseWeights, columns) =>
      averageByCell(sparseWeights, sparse(bonds), columns, (i, j) => alphas[i]![j]!),
    ),
}
