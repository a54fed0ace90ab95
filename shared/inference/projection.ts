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
  let k = 0
  // Four sums side by side, each in its own order: the processor need not wait for one addition to begin the next.
  for (; k + 4 <= out.length; k += 4) {
    const first = k * width
    let [a, b, c, d] = [0, 0, 0, 0]
    for (let j = 0; j < width; j++) {
      const value = row[j]!
      const at = first + j
      a += matrix[at]! * value
      b += matrix[at + width]! * value
      c += matrix[at + 2 * width]! * value
      d += matrix[at + 3 * width]! * value
    }
    out[k] = a
    out[k + 1] = b
    out[k + 2] = c
    out[k + 3] = d
  }
  for (; k < out.length; k++) {
    let sum = 0
    for (let j = 0; j < width; j++) sum += matrix[k * width + j]! * row[j]!
    out[k] = sum
  }
  return out
}
