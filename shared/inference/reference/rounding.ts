import type { StepInputs } from './inputs.ts'

/** What one rounding to double may be off, relative: half of 2^−52. */
const UNIT = 2 ** -53
/** Relative slack of operators that sum at most a few thousand values of one sign, or call exp: far above their error. */
const RELATIVE = 2 ** -40

/**
 * How far two honest double-precision results of one operator may lie apart, an element at a time.
 * Zero where every machine computes the same: copies, one addition, and the rotation, whose products of float32 values are
 * exact. A product of matrices may be summed in any order: (k − 1)·2^−53·Σ|a·b| either way (Higham 2002, section 3.1),
 * products of float32 values being exact.
 */
export function slackOf({ kind, matrices }: StepInputs, exact: Float64Array): Float64Array {
  switch (kind) {
    case 'gather':
    case 'add':
    case 'rotate':
      return new Float64Array(exact.length)
    case 'matmul': {
      const [a, b] = [matrices[0]!, matrices[1]!]
      return absoluteProduct(a.data, b.data, a.rows, a.columns, b.columns).map(
        (sum) => 2 * (a.columns - 1) * UNIT * sum,
      )
    }
    default:
      return exact.map((value) => RELATIVE * Math.abs(value))
  }
}

/** True when an honest run may have rounded to `claim`: rounding is monotone, so both ends of the band decide. */
export function isAdmissible(claim: number, exact: number, slack: number): boolean {
  if (Object.is(claim, Math.fround(exact))) return true
  return claim >= Math.fround(exact - slack) && claim <= Math.fround(exact + slack)
}

function absoluteProduct(a: Float64Array, b: Float64Array, rows: number, inner: number, columns: number) {
  const out = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      const factor = Math.abs(a[i * inner + k]!)
      for (let j = 0; j < columns; j++) out[i * columns + j]! += factor * Math.abs(b[k * columns + j]!)
    }
  }
  return out
}
