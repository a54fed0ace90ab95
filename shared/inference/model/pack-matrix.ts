import type { Packing } from '../precision.ts'

/** A matrix as integers, laid out as MatMulNBits takes it: outputs outermost, the inputs of one in blocks. */
export interface PackedMatrix {
  /** [outputs, blocks, bytes of a block]; of two 4-bit values in a byte the earlier is the lower half. */
  readonly values: Uint8Array
  /** [outputs · blocks] */
  readonly scales: Float32Array
  /** [outputs, bytes of the blocks’ zero points], packed as the values are. */
  readonly zeroPoints: Uint8Array
}

/** Blocks that the inputs of one output fill; the last may be short. */
export function blocksOf(inputs: number, { block }: Pick<Packing, 'block'>): number {
  return Math.ceil(inputs / block)
}

/** Bytes that `count` packed values fill. */
export function packedBytes(count: number, { bits }: Pick<Packing, 'bits'>): number {
  return Math.ceil((count * bits) / 8)
}

/**
 * Rounds a float32 matrix to integers, to the nearest, block by block: w ≈ (value − zeroPoint) · scale, the scale being the block’s
 * range, widened to hold 0, over the largest integer. Only IEEE arithmetic, so every machine gets the same bytes.
 * @param matrix [inputs, outputs], row-major
 */
export function packMatrix(
  matrix: Float32Array,
  [inputs, outputs]: readonly [number, number],
  packing: Pick<Packing, 'bits' | 'block'>,
): PackedMatrix {
  const { bits, block } = packing
  const blocks = blocksOf(inputs, packing)
  const largest = 2 ** bits - 1
  const blockBytes = packedBytes(block, packing)
  const zeroBytes = packedBytes(blocks, packing)
  const values = new Uint8Array(outputs * blocks * blockBytes)
  const scales = new Float32Array(outputs * blocks)
  const zeroPoints = new Uint8Array(outputs * zeroBytes)
  for (let output = 0; output < outputs; output++) {
    for (let index = 0; index < blocks; index++) {
      const first = index * block
      const end = Math.min(inputs, first + block)
      let [low, high] = [0, 0]
      for (let input = first; input < end; input++) {
        const weight = matrix[input * outputs + output]!
        low = Math.min(low, weight)
        high = Math.max(high, weight)
      }
      const place = output * blocks + index
      const scale = Math.fround((high - low) / largest)
      const zeroPoint = scale === 0 ? 0 : Math.min(largest, Math.round(-low / scale))
      scales[place] = scale
      store(zeroPoints, output * zeroBytes, index, zeroPoint, bits)
      for (let i = 0; i < block; i++) {
        const input = first + i
        // What fills up a short block must stand for 0.
        const weight = input < end ? matrix[input * outputs + output]! : 0
        const step = scale === 0 ? 0 : Math.round(weight / scale)
        const value = Math.max(0, Math.min(largest, step + zeroPoint))
        store(values, place * blockBytes, i, value, bits)
      }
    }
  }
  return { values, scales, zeroPoints }
}

function store(bytes: Uint8Array, start: number, index: number, value: number, bits: Packing['bits']): void {
  if (bits === 8) bytes[start + index] = value
  else bytes[start + (index >> 1)]! |= index % 2 === 0 ? value : value << 4
}
