import { createHash } from 'node:crypto'
import { CholeskyDecomposition, Matrix } from 'ml-matrix'
import { StarlingError } from '../../process/errors.ts'
import { floatBytes, floatsOf } from './float-bytes.ts'
import type { Moments } from './moments.ts'

/** Added to the diagonal, relative to its mean: directions in which rows hardly move are not blown up without limit. */
export const RIDGE = 1e-3

/** A linear map after which the rows of a model have (nearly) uncorrelated coordinates of unit size. */
export interface Whitening {
  readonly width: number
  /** L⁻¹ as a lower triangle, row by row: entry (i, j), j ≤ i, stands at i(i + 1)/2 + j. */
  readonly inverse: Float32Array
}

/**
 * L⁻¹ with L·Lᵀ = C + ridge · mean(diag C) · I, C being the mean of row · rowᵀ. The mean of the rows is not taken out: a sketch is
 * linear and has no offset, so the common direction must be scaled down like any other, or it would be most of every sketch.
 *
 * Whoever compares sketches shares the stored bytes and never makes them anew, so this need not be portable to the bit.
 * @throws StarlingError CALIBRATION_ROWS without rows, or where they are not finite
 */
export function whiteningOf({ width, rows, products }: Moments, ridge = RIDGE): Whitening {
  const moment = Matrix.zeros(width, width)
  for (let i = 0, at = 0; i < width; i++) {
    for (let j = 0; j <= i; j++, at++) {
      moment.set(i, j, products[at]! / rows)
      moment.set(j, i, products[at]! / rows)
    }
  }
  const floor = (ridge * moment.trace()) / width
  for (let i = 0; i < width; i++) moment.set(i, i, moment.get(i, i) + floor)
  const useless = () =>
    new StarlingError('CALIBRATION_ROWS', `${rows} rows give no whitening`, 'calibrate with more prompts')
  // Without this, NaN would be called asymmetric.
  if (!(floor > 0 && Number.isFinite(floor))) throw useless()
  const cholesky = new CholeskyDecomposition(moment)
  if (!cholesky.isPositiveDefinite()) throw useless()
  return { width, inverse: invertLower(cholesky.lowerTriangularMatrix, width) }
}

/** Forward substitution, one column of the identity at a time; float64, rounded once. */
function invertLower(lower: Matrix, width: number): Float32Array {
  const inverse = new Float64Array((width * (width + 1)) / 2)
  const place = (i: number) => (i * (i + 1)) / 2
  for (let i = 0; i < width; i++) {
    const diagonal = lower.get(i, i)
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? 1 : 0
      for (let k = j; k < i; k++) sum -= lower.get(i, k) * inverse[place(k) + j]!
      inverse[place(i) + j] = sum / diagonal
    }
  }
  return Float32Array.from(inverse)
}

/** The file: the triangle as f32 little-endian, width·(width + 1)/2 of them and nothing else. */
export function encodeWhitening(whitening: Whitening): Uint8Array {
  return floatBytes(whitening.inverse)
}

/** Hex of SHA-256 over the file: two sketches can be compared where it is the same. */
export function whiteningHash(file: Uint8Array): string {
  return createHash('sha256').update(file).digest('hex')
}

/** Reads the file of a width. @throws StarlingError CALIBRATION_DAMAGED */
export function decodeWhitening(width: number, file: Uint8Array): Whitening {
  const count = (width * (width + 1)) / 2
  const damaged = (what: string) =>
    new StarlingError('CALIBRATION_DAMAGED', `the whitening ${what}`, 'restore it, or npm run calibrate anew')
  if (file.length !== count * 4) throw damaged(`has ${file.length} bytes, not ${count * 4}`)
  const inverse = floatsOf(file)
  if (!inverse.every(Number.isFinite)) throw damaged('holds values that are not finite')
  for (let i = 0; i < width; i++) {
    if (!(inverse[(i * (i + 3)) / 2]! > 0)) throw damaged(`is singular in row ${i}`)
  }
  return { width, inverse }
}
