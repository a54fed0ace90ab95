import { HASH_BYTES, taggedHash, u32 } from '../hash.ts'
import type { Whitening } from './whitening.ts'

/** Values of one sketch. Eight of 32 bits tell weights rounded to fp16 from exact ones in a single row. */
export const SKETCH_VALUES = 8

const BITS_PER_HASH = HASH_BYTES * 8

/**
 * R of a challenge: signs +1 and −1, row-major [SKETCH_VALUES, width]. Entry n = k·width + i is −1 where bit n of the stream
 * H(tag ‖ challengeId ‖ 0) ‖ H(tag ‖ challengeId ‖ 1) ‖ … is set; counters are u32 little-endian, and the bits of a byte count from
 * its lowest.
 *
 * Signs keep distances as well as Gaussian entries do (Achlioptas, J. Comput. Syst. Sci. 66, 2003), need no logarithm, and make a
 * product with R out of additions alone. Whitening has spread the rows over all coordinates before.
 */
export function sketchSigns(challenge: Uint8Array, width: number): Int8Array {
  const signs = new Int8Array(SKETCH_VALUES * width)
  let block: Uint8Array = new Uint8Array(0)
  for (let n = 0; n < signs.length; n++) {
    const bit = n % BITS_PER_HASH
    if (bit === 0) block = taggedHash('starling/sketch/v1', challenge, u32(n / BITS_PER_HASH))
    signs[n] = (block[bit >> 3]! >> (bit & 7)) & 1 ? -1 : 1
  }
  return signs
}

/**
 * R · L⁻¹, row-major [SKETCH_VALUES, width]: what turns a row into a sketch. Entry (k, j) is the sum over i = j, j + 1, …,
 * width − 1 of R(k, i) · L⁻¹(i, j), in that order, in float64, then rounded to float32 once. From the same whitening file every
 * machine makes the same bits.
 * @param challenge the challenge's id, 32 bytes
 */
export function sketchMatrix(challenge: Uint8Array, { width, inverse }: Whitening): Float32Array {
  const signs = sketchSigns(challenge, width)
  const matrix = new Float32Array(SKETCH_VALUES * width)
  const sums = new Float64Array(width)
  for (let k = 0; k < SKETCH_VALUES; k++) {
    sums.fill(0)
    let at = 0
    for (let i = 0; i < width; i++) {
      const sign = signs[k * width + i]!
      for (let j = 0; j <= i; j++, at++) sums[j]! += sign * inverse[at]!
    }
    matrix.set(sums, k * width)
  }
  return matrix
}
