import type { Weights } from '../../shared/inference/model/weights.ts'

export type Rounding = 'bf16' | 'int8' | 'int4'
export const ROUNDINGS: readonly Rounding[] = ['bf16', 'int8', 'int4']

export function isRounding(name: string): name is Rounding {
  return (ROUNDINGS as readonly string[]).includes(name)
}

/** Weights that share one scale, as in most 4-bit and 8-bit formats. */
const BLOCK = 32

/**
 * Weights as a cheaper server would hold them. bf16: every tensor, to the nearest, ties to even. int8, int4: the matrices of the layers
 * in blocks of 32 with one scale, symmetric; embeddings and norms are kept, which is the harder case to find. Weights of our own
 * models are fp16 values to begin with, so rounding to fp16 changes nothing and is no cheat.
 */
export function roundWeights(weights: Weights, rounding: Rounding): Weights {
  return new Map(
    [...weights].map(([name, values]) => {
      if (rounding === 'bf16') return [name, values.map(toBfloat16)]
      const isLayerMatrix = name.startsWith('layer') && !name.endsWith('Norm')
      return [name, isLayerMatrix ? roundBlocks(values, rounding === 'int8' ? 127 : 7) : values]
    }),
  )
}

const float = new DataView(new ArrayBuffer(4))

/** The nearest number with eight significant bits. */
export function toBfloat16(value: number): number {
  float.setFloat32(0, value)
  const bits = float.getUint32(0)
  const roundUp = 0x7fff + ((bits >>> 16) & 1)
  float.setUint32(0, (((bits + roundUp) >>> 16) << 16) >>> 0)
  return float.getFloat32(0)
}

function roundBlocks(values: Float32Array, levels: number): Float32Array {
  const rounded = new Float32Array(values.length)
  for (let start = 0; start < values.length; start += BLOCK) {
    const block = values.subarray(start, start + BLOCK)
    const scale = block.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / levels
    for (const [i, value] of block.entries()) {
      rounded[start + i] = scale === 0 ? 0 : Math.round(value / scale) * scale
    }
  }
  return rounded
}
