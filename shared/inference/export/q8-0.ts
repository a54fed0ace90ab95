import { toFloat16 } from '../model/float16.ts'

export const BLOCK = 32
const BLOCK_BYTES = 2 + BLOCK

/**
 * ggml's Q8_0: blocks of 32 values as a half-precision scale d = max|x|/127 and 32 signed bytes round(x/d). The length must be
 * a multiple of 32.
 */
export function encodeQ8(values: Float32Array): Uint8Array {
  const blocks = values.length / BLOCK
  const view = new DataView(new ArrayBuffer(blocks * BLOCK_BYTES))
  for (let block = 0; block < blocks; block++) {
    const slice = values.subarray(block * BLOCK, (block + 1) * BLOCK)
    const scale = slice.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127
    const start = block * BLOCK_BYTES
    view.setUint16(start, toFloat16(scale), true)
    for (const [i, value] of slice.entries())
      view.setInt8(start + 2 + i, scale === 0 ? 0 : Math.round(value / scale))
  }
  return new Uint8Array(view.buffer)
}
