import { toFloat16 } from '../model/float16.ts'

/** How exported weights are stored. Ours are exact in half precision, so `fp16` loses nothing but later arithmetic. */
export type Dtype = 'fp32' | 'fp16'

/** Values in their little-endian bytes. */
export function encodeFloats(values: Float32Array, dtype: Dtype): Uint8Array {
  const size = dtype === 'fp32' ? 4 : 2
  const view = new DataView(new ArrayBuffer(values.length * size))
  for (let i = 0; i < values.length; i++) {
    if (dtype === 'fp32') view.setFloat32(i * 4, values[i]!, true)
    else view.setUint16(i * 2, toFloat16(values[i]!), true)
  }
  return new Uint8Array(view.buffer)
}

/** Row-major [rows, columns] to [columns, rows]. */
export function transpose(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(matrix.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      out[column * rows + row] = matrix[row * columns + column]!
    }
  }
  return out
}
