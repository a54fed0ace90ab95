import { type OnnxGraph, UINT8 } from '../onnx/graph.ts'
import type { Packing } from '../precision.ts'
import { blocksOf, packedBytes, packMatrix } from './pack-matrix.ts'

/** [inputs, outputs] of a matrix. */
export type MatrixShape = readonly [number, number]

/** MatMulNBits’ accuracy levels: what it may round activations to. 2 and 3 are those of half precision. */
const ACCURACY_LEVEL = { 8: 4, 32: 1 } as const

/** Puts a float32 matrix into a graph as integers, for `packedProduct` to take by the same name. */
export function addPackedMatrix(
  graph: OnnxGraph,
  packing: Packing,
  name: string,
  shape: MatrixShape,
  matrix: Float32Array,
): void {
  const [inputs, outputs] = shape
  const blocks = blocksOf(inputs, packing)
  const { values, scales, zeroPoints } = packMatrix(matrix, shape, packing)
  graph.tensor(`${name}.values`, UINT8, [outputs, blocks, packedBytes(packing.block, packing)], values)
  graph.floats(`${name}.scales`, [outputs * blocks], scales)
  graph.tensor(`${name}.zeroPoints`, UINT8, [outputs * packedBytes(blocks, packing)], zeroPoints)
}

/** Rows times a packed matrix; float32 in and out. */
export function packedProduct(
  graph: OnnxGraph,
  packing: Packing,
  input: string,
  name: string,
  [inputs, outputs]: MatrixShape,
): string {
  const { bits, block, activationBits } = packing
  const parts = ['values', 'scales', 'zeroPoints'].map((part) => `${name}.${part}`)
  return graph.node('MatMulNBits', [input, ...parts], {
    domain: 'com.microsoft',
    attributes: {
      K: inputs,
      N: outputs,
      bits,
      block_size: block,
      accuracy_level: ACCURACY_LEVEL[activationBits],
    },
  })
}
