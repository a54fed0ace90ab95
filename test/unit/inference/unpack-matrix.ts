import { blocksOf, type PackedMatrix } from '../../../shared/inference/model/pack-matrix.ts'
import type { Packing } from '../../../shared/inference/precision.ts'

/** What a packed matrix stands for: float32 [inputs, outputs], row-major. */
export function unpackMatrix(
  { values, scales, zeroPoints }: PackedMatrix,
  [inputs, outputs]: readonly [number, number],
  packing: Pick<Packing, 'bits' | 'block'>,
): Float32Array {
  const { bits, block } = packing
  const blocks = blocksOf(inputs, packing)
  const bytesOf = (count: number) => Math.ceil((count * bits) / 8)
  const read = (bytes: Uint8Array, start: number, index: number) => {
    if (bits === 8) return bytes[start + index]!
    return (bytes[start + (index >> 1)]! >> (4 * (index % 2))) & 15
  }
  const matrix = new Float32Array(inputs * outputs)
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      const index = Math.floor(input / block)
      const place = output * blocks + index
      const zeroPoint = read(zeroPoints, output * bytesOf(blocks), index)
      const value = read(values, place * bytesOf(block), input % block)
      matrix[input * outputs + output] = (value - zeroPoint) * scales[place]!
    }
  }
  return matrix
}
