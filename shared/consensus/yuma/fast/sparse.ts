import type { Row } from '../epoch-types.ts'
import { divide, multiply, ratio } from './number.ts'

/** A matrix by rows: row `i` is cells `starts[i]` to `starts[i + 1] − 1`, in the order in which they were given. */
export interface Sparse {
  readonly starts: Int32Array
  readonly columns: Uint16Array
  readonly values: Float64Array
}

/** Collects cells row by row. */
export function sparseBuilder(rows: number, capacity: number) {
  const starts = new Int32Array(rows + 1)
  const columns = new Uint16Array(capacity)
  const values = new Float64Array(capacity)
  let cells = 0
  let row = 0
  return {
    add(column: number, value: number) {
      columns[cells] = column
      values[cells++] = value
    },
    endRow() {
      starts[++row] = cells
    },
    build: (): Sparse => ({ starts, columns: columns.subarray(0, cells), values: values.subarray(0, cells) }),
  }
}

/** Integers of the cells that are kept and within the subnet. */
export function fromRows(
  rows: readonly Row[],
  size: number,
  keep: (row: number, column: number) => boolean,
): Sparse {
  const builder = sparseBuilder(
    size,
    rows.reduce((cells, row) => cells + row.length, 0),
  )
  for (let i = 0; i < size; i++) {
    for (const [j, value] of rows[i] ?? []) if (j < size && keep(i, j)) builder.add(j, value)
    builder.endRow()
  }
  return builder.build()
}

/** Integers as fractions of their row's sum. */
export function normalizeRows({ starts, columns, values }: Sparse): Sparse {
  const scaled = new Float64Array(values.length)
  for (let i = 0; i + 1 < starts.length; i++) {
    let total = 0
    for (let cell = starts[i]!; cell < starts[i + 1]!; cell++) total += values[cell]!
    if (total === 0) continue
    for (let cell = starts[i]!; cell < starts[i + 1]!; cell++) scaled[cell] = ratio(values[cell]!, total)
  }
  return { starts, columns, values: scaled }
}

export function columnSums({ columns, values }: Sparse, size: number): Float64Array {
  const sums = new Float64Array(size)
  for (let cell = 0; cell < values.length; cell++) sums[columns[cell]!]! += values[cell]!
  return sums
}

export function columnMaxima({ columns, values }: Sparse, size: number): Float64Array {
  const maxima = new Float64Array(size)
  for (let cell = 0; cell < values.length; cell++) {
    if (values[cell]! > maxima[columns[cell]!]!) maxima[columns[cell]!] = values[cell]!
  }
  return maxima
}

/** Divides each cell by its column's divisor, unless that is 0. */
export function divideColumns(matrix: Sparse, divisors: Float64Array): Sparse {
  return mapCells(matrix, (value, _, j) => (divisors[j] === 0 ? value : divide(value, divisors[j]!)))
}

export function mapCells(
  { starts, columns, values }: Sparse,
  map: (value: number, row: number, column: number) => number,
): Sparse {
  const mapped = new Float64Array(values.length)
  for (let i = 0; i + 1 < starts.length; i++) {
    for (let cell = starts[i]!; cell < starts[i + 1]!; cell++) {
      mapped[cell] = map(values[cell]!, i, columns[cell]!)
    }
  }
  return { starts, columns, values: mapped }
}

export function rowSums({ starts, values }: Sparse): Float64Array {
  const sums = new Float64Array(starts.length - 1)
  for (let i = 0; i < sums.length; i++) {
    for (let cell = starts[i]!; cell < starts[i + 1]!; cell++) sums[i]! += values[cell]!
  }
  return sums
}

/** `result[j] = Σ_i vector[i] · matrix[i][j]`. */
export function vectorTimesMatrix(vector: Float64Array, matrix: Sparse, size: number): Float64Array {
  return columnSums(
    mapCells(matrix, (value, i) => multiply(value, vector[i]!)),
    size,
  )
}

/** `result[i] = Σ_j matrix[i][j] · vector[j]`. */
export function matrixTimesVector(matrix: Sparse, vector: Float64Array): Float64Array {
  return rowSums(mapCells(matrix, (value, _, j) => multiply(value, vector[j]!)))
}
