import type { Evaluate } from '../../../shared/inference/reference/evaluate.ts'
import type { Matrix } from '../../../shared/inference/reference/matrix.ts'

/** Another machine's arithmetic: the reference's operators in plain loops of doubles, sums from the last term to the first. */
export const plainEvaluate: Evaluate = async ({ kind, matrices }) => {
  const [a, b, c, d] = matrices as readonly [Matrix, Matrix, Matrix, Matrix]
  switch (kind) {
    case 'gather':
      return a.data
    case 'add':
      return a.data.map((value, i) => value + b.data[i]!)
    case 'matmul':
      return product(a, b)
    case 'rms-norm':
      return perRow(b, (row, i) => {
        const whole = rowOf(a, i)
        const mean = sum(whole.map((value) => value * value)) / whole.length
        return row.map((value, j) => (value / Math.sqrt(mean + d.data[0]!)) * c.data[j]!)
      })
    case 'rotate':
      return perRow(a, (row, i) => {
        const [cos, sin, half] = [rowOf(b, i), rowOf(c, i), row.length / 2]
        return row.map((value, j) => value * cos[j]! + row[(j + half) % row.length]! * sin[j]!)
      })
    case 'softmax':
      return perRow(a, (row, i) => {
        const scores = row.map((value, j) => value * b.data[0]! + rowOf(c, i)[j]!)
        const largest = Math.max(...scores)
        const masses = scores.map((score) => Math.exp(score - largest))
        const total = sum(masses)
        return masses.map((mass) => mass / total)
      })
    case 'swiglu':
      return a.data.map((gate, i) => (gate / (1 + Math.exp(-gate))) * b.data[i]!)
  }
}

function product(a: Matrix, b: Matrix): Float64Array {
  const out = new Float64Array(a.rows * b.columns)
  for (let i = 0; i < a.rows; i++) {
    for (let k = a.columns - 1; k >= 0; k--) {
      const factor = a.data[i * a.columns + k]!
      for (let j = 0; j < b.columns; j++) out[i * b.columns + j]! += factor * b.data[k * b.columns + j]!
    }
  }
  return out
}

function sum(values: Float64Array): number {
  return values.reduceRight((total, value) => total + value, 0)
}

function rowOf({ columns, data }: Matrix, index: number): Float64Array {
  return data.subarray(index * columns, (index + 1) * columns)
}

function perRow(matrix: Matrix, make: (row: Float64Array, index: number) => Float64Array): Float64Array {
  const rows = Array.from({ length: matrix.rows }, (_, i) => make(rowOf(matrix, i), i))
  const out = new Float64Array(rows.reduce((total, row) => total + row.length, 0))
  let offset = 0
  for (const row of rows) {
    out.set(row, offset)
    offset += row.length
  }
  return out
}
