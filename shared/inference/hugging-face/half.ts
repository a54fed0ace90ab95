import { fromFloat16 } from '../model/float16.ts'

/** Keys, values and logits as a graph has them; 16-bit values are half-precision numbers by their bits. */
export type Elements = Float32Array | Uint16Array

let table: Float32Array | undefined

/** Numbers of half-precision bits, through a table: a row of logits has a hundred thousand of them. */
export function toFloat32(values: Elements): Float32Array {
  if (values instanceof Float32Array) return values
  table ??= Float32Array.from({ length: 65_536 }, (_, bits) => fromFloat16(bits))
  const out = new Float32Array(values.length)
  for (let i = 0; i < values.length; i++) out[i] = table[values[i]!]!
  return out
}
