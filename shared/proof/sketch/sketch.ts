import { projectRow } from '../../inference/projection.ts'
import { SKETCH_VALUES } from './matrix.ts'

/** Rounding unit of float32. Sketches nearer than this, relative to their length, are equal as far as anybody can tell. */
export const EQUAL_DISTANCE = 2 ** -24

/**
 * Sketches of rows, one `projectRow` each: the same bits wherever the rows and the matrix are the same.
 * @param rows row-major [n, width], final-norm hidden states
 * @param matrix `sketchMatrix`, row-major [SKETCH_VALUES, width]
 * @returns row-major [n, SKETCH_VALUES]
 * @throws RangeError for part of a row
 */
export function sketchRows(rows: Float32Array, matrix: Float32Array): Float32Array {
  const width = matrix.length / SKETCH_VALUES
  if (rows.length % width !== 0) throw new RangeError(`${rows.length} values are not whole rows of ${width}`)
  const sketches = new Float32Array((rows.length / width) * SKETCH_VALUES)
  for (let row = 0; row * width < rows.length; row++) {
    const sketch = projectRow(matrix, rows.subarray(row * width, (row + 1) * width))
    sketches.set(sketch, row * SKETCH_VALUES)
  }
  return sketches
}

/** What is wrong with sketches that somebody sent, or undefined. Only sketches without a fault have distances. */
export function sketchFault(sketches: Float32Array, rows: number): string | undefined {
  const expected = rows * SKETCH_VALUES
  if (sketches.length !== expected) return `${sketches.length} sketch values where ${expected} belong`
  const broken = sketches.findIndex((value) => !Number.isFinite(value))
  return broken === -1 ? undefined : `sketch value ${broken} is ${sketches[broken]}`
}

/**
 * ln of the relative distance ‖claimed − own‖ / ‖own‖ of each row, never below that of `EQUAL_DISTANCE`. Relative to the
 * verifier's own sketch, so that no claim can stretch the measure; and the floor keeps a few rows that are right to the
 * last bit from paying, in a mean, for many that are wrong.
 * @param claimed row-major [n, SKETCH_VALUES], without a fault
 * @param own the verifier's, of the same rows
 * @throws RangeError where that is not so
 */
export function logDistances(claimed: Float32Array, own: Float32Array): Float64Array {
  const rows = own.length / SKETCH_VALUES
  const fault = sketchFault(own, rows) ?? sketchFault(claimed, rows)
  if (fault !== undefined) throw new RangeError(fault)
  return Float64Array.from({ length: rows }, (_, row) => {
    let difference = 0
    let length = 0
    for (let n = row * SKETCH_VALUES; n < (row + 1) * SKETCH_VALUES; n++) {
      difference += (claimed[n]! - own[n]!) ** 2
      length += own[n]! ** 2
    }
    if (length === 0) throw new RangeError(`own sketch of row ${row} is zero`)
    return Math.log(Math.max(Math.sqrt(difference / length), EQUAL_DISTANCE))
  })
}

/** The statistic over opened rows. Never the largest: in a noisy class single rows of a cheat can be near by chance. */
export function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
