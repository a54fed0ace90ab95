import type { Row } from '../epoch-types.ts'
import { add, fromInteger, type I32F32, multiply, ONE, safeDivide, subtract, sum } from '../fixed-point.ts'

/** Rows of (column, value). What is not listed is zero. */
export type Matrix = readonly (readonly Cell[])[]
export type Cell = readonly [column: number, value: I32F32]

/** Integers as a matrix of `size` rows; cells outside the subnet, left by a larger one, are dropped. */
export function fromRows(rows: readonly Row[], size: number): Matrix {
  return Array.from({ length: size }, (_, i) =>
    (rows[i] ?? []).filter(([j]) => j < size).map(([j, value]) => [j, fromInteger(value)] as const),
  )
}

export function mapCells(
  matrix: Matrix,
  map: (value: I32F32, row: number, column: number) => I32F32,
): Matrix {
  return matrix.map((row, i) => row.map(([j, value]) => [j, map(value, i, j)] as const))
}

export function retain(matrix: Matrix, keep: (row: number, column: number) => boolean): Matrix {
  return matrix.map((row, i) => row.filter(([j]) => keep(i, j)))
}

export function rowSums(matrix: Matrix): I32F32[] {
  return matrix.map((row) => sum(row.map(([, value]) => value)))
}

/** Scales each row to a sum of 1. */
export function normalizeRows(matrix: Matrix): Matrix {
  const sums = rowSums(matrix)
  return mapCells(matrix, (value, i) => (sums[i]! > 0n ? safeDivide(value, sums[i]!) : value))
}

/** Scales each column to a sum of 1. */
export function normalizeColumns(matrix: Matrix, columns: number): Matrix {
  return divideColumns(matrix, foldColumns(matrix, columns, add))
}

/** Scales each column to a largest value of 1. */
export function upscaleColumns(matrix: Matrix, columns: number): Matrix {
  return divideColumns(
    matrix,
    foldColumns(matrix, columns, (a, b) => (b > a ? b : a)),
  )
}

function divideColumns(matrix: Matrix, divisors: readonly I32F32[]): Matrix {
  return mapCells(matrix, (value, _, j) => (divisors[j] === 0n ? value : safeDivide(value, divisors[j]!)))
}

function foldColumns(
  matrix: Matrix,
  columns: number,
  fold: (result: I32F32, value: I32F32) => I32F32,
): I32F32[] {
  const result = new Array<I32F32>(columns).fill(0n)
  for (const [j, value] of matrix.flat()) result[j] = fold(result[j]!, value)
  return result
}

/** Multiplies each row by its element of the vector. */
export function scaleRows(matrix: Matrix, vector: readonly I32F32[]): Matrix {
  return mapCells(matrix, (value, i) => multiply(value, vector[i]!))
}

/** Multiplies each column by its element of the vector. */
export function scaleColumns(matrix: Matrix, vector: readonly I32F32[]): Matrix {
  return mapCells(matrix, (value, _, j) => multiply(value, vector[j]!))
}

/** `result[j] = Σ_i vector[i] · matrix[i][j]`. */
export function vectorTimesMatrix(vector: readonly I32F32[], matrix: Matrix, columns: number): I32F32[] {
  return foldColumns(scaleRows(matrix, vector), columns, add)
}

/** `result[i] = Σ_j matrix[i][j] · vector[j]`. */
export function matrixTimesVector(matrix: Matrix, vector: readonly I32F32[]): I32F32[] {
  return rowSums(scaleColumns(matrix, vector))
}

/** Cuts each value to its column's limit; what is cut to zero is dropped. */
export function clipColumns(matrix: Matrix, limits: readonly I32F32[]): Matrix {
  return matrix.map((row) =>
    row.flatMap(([j, value]): Cell[] => {
      if (value <= limits[j]!) return [[j, value]]
      return limits[j]! > 0n ? [[j, limits[j]!]] : []
    }),
  )
}

/** `from + ratio · (to − from)`, keeping what is positive; exact, order of cells included, at 0 and 1. */
export function interpolate(from: Matrix, to: Matrix, columns: number, ratio: I32F32): Matrix {
  if (ratio === 0n) return from
  if (ratio === ONE) return to
  return from.map((row, i) => {
    const ends = dense(to[i]!, columns)
    return positiveCells(
      dense(row, columns).map((value, j) => add(value, multiply(ratio, subtract(ends[j]!, value)))),
    )
  })
}

/** Exponential moving average `alpha · new + (1 − alpha) · old`, keeping what is positive. Repeated cells add up. */
export function movingAverage(newer: Matrix, older: Matrix, columns: number, alpha: I32F32): Matrix {
  const rest = subtract(ONE, alpha)
  return newer.map((row, i) => {
    const result = new Array<I32F32>(columns).fill(0n)
    for (const [j, value] of row) result[j] = add(result[j]!, multiply(alpha, value))
    for (const [j, value] of older[i]!) result[j] = add(result[j]!, multiply(rest, value))
    return positiveCells(result)
  })
}

function positiveCells(row: readonly I32F32[]): Cell[] {
  return row.map((value, j) => [j, value] as const).filter(([, value]) => value > 0n)
}

/** A row with all its columns; of a repeated cell the last counts. */
export function dense(row: readonly Cell[], columns: number): I32F32[] {
  const result = new Array<I32F32>(columns).fill(0n)
  for (const [j, value] of row) result[j] = value
  return result
}
