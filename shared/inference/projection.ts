/**
 * A map of one final-norm hidden state: value k is the sum over j of matrix(k, j) · row(j), in order, in float64, rounded to
 * float32 once.
 * @param matrix row-major [n, width]
 * @param row [width]
 * @returns [n]
 */
export function projectRow(matrix: Float32Array, row: Float32Array): Float32Array {
  const width = row.length
  const out = new Float32Array(matrix.length / width)
  for (let k = 0; k < out.length; k++) {
    const start = k * width
    let sum = 0
    for (let j = 0; j < width; j++) sum += matrix[start + j]! * row[j]!
    out[k] = sum
  }
  return out
}
