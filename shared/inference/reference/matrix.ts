/** Row-major doubles; what goes into an operator. Every value but those of tables is a float32. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly data: Float64Array
}

/** @throws RangeError where values and extents do not fit */
export function matrix(rows: number, columns: number, values: Float32Array): Matrix {
  if (values.length !== rows * columns)
    throw new RangeError(`${values.length} values for ${rows} × ${columns}`)
  return { rows, columns, data: new Float64Array(values) }
}

export function scalar(value: number): Matrix {
  return { rows: 1, columns: 1, data: Float64Array.of(value) }
}

/** Side by side. */
export function besides(parts: readonly Matrix[]): Matrix {
  const rows = parts[0]!.rows
  const columns = parts.reduce((sum, part) => sum + part.columns, 0)
  const data = new Float64Array(rows * columns)
  let offset = 0
  for (const part of parts) {
    for (let i = 0; i < rows; i++)
      data.set(part.data.subarray(i * part.columns, (i + 1) * part.columns), i * columns + offset)
    offset += part.columns
  }
  return { rows, columns, data }
}

/** One below the other. */
export function below(parts: readonly Matrix[]): Matrix {
  const { columns } = parts[0]!
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  const data = new Float64Array(rows * columns)
  let offset = 0
  for (const part of parts) {
    data.set(part.data, offset)
    offset += part.data.length
  }
  return { rows, columns, data }
}

export function rowOf({ columns, data }: Matrix, index: number): Matrix {
  return { rows: 1, columns, data: data.subarray(index * columns, (index + 1) * columns) }
}

/** `count` columns from `first` on. */
export function columnsOf({ rows, columns, data }: Matrix, first: number, count: number): Matrix {
  const out = new Float64Array(rows * count)
  for (let i = 0; i < rows; i++)
    out.set(data.subarray(i * columns + first, i * columns + first + count), i * count)
  return { rows, columns: count, data: out }
}

export function transposed({ rows, columns, data }: Matrix): Matrix {
  const out = new Float64Array(data.length)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = data[i * columns + j]!
  return { rows: columns, columns: rows, data: out }
}
