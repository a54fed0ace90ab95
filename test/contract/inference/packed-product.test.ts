import { describe, expect, test } from 'vitest'
import { checkPrecision } from '../../../shared/inference/model/check-precision.ts'
import { packMatrix } from '../../../shared/inference/model/pack-matrix.ts'
import {
  addPackedMatrix,
  type MatrixShape,
  packedProduct,
} from '../../../shared/inference/model/packed-product.ts'
import { FLOAT, OnnxGraph } from '../../../shared/inference/onnx/graph.ts'
import { openSession } from '../../../shared/inference/onnx/session.ts'
import { type Precision, packingOf } from '../../../shared/inference/precision.ts'
import { gaussian, seededRandom } from '../../../shared/inference/random.ts'
import { unpackMatrix } from '../../unit/inference/unpack-matrix.ts'

const random = seededRandom(4)
const normal = (size: number) => Float32Array.from({ length: size }, () => gaussian(random))
const ROWS = 5

/** Rows times a matrix, by ONNX Runtime on the packed one. */
async function multiplied(
  precision: Precision,
  rows: Float32Array,
  shape: MatrixShape,
  matrix: Float32Array,
) {
  const [inputs, outputs] = shape
  const packing = packingOf(precision)!
  const graph = new OnnxGraph()
  graph.input('rows', FLOAT, ['rows', inputs])
  addPackedMatrix(graph, packing, 'matrix', shape, matrix)
  const product = packedProduct(graph, packing, 'rows', 'matrix', shape)
  graph.output(product, FLOAT, ['rows', outputs])
  const session = await openSession(graph.finish(), 1)
  const results = await session.run({ rows: { data: rows, shape: [ROWS, inputs] } }, [product])
  await session.release()
  return results.get(product)!
}

/** The same by hand, on the matrix that the packed one stands for. */
function truth(precision: Precision, rows: Float32Array, shape: MatrixShape, matrix: Float32Array) {
  const [inputs, outputs] = shape
  const packing = packingOf(precision)!
  const unpacked = unpackMatrix(packMatrix(matrix, shape, packing), shape, packing)
  return Float32Array.from({ length: ROWS * outputs }, (_, at) => {
    const row = Math.floor(at / outputs)
    let sum = 0
    for (let i = 0; i < inputs; i++) sum += rows[row * inputs + i]! * unpacked[i * outputs + (at % outputs)]!
    return sum
  })
}

function relativeGap(a: Float32Array, b: Float32Array): number {
  const sumOfSquares = (value: (i: number) => number) => a.reduce((sum, _, i) => sum + value(i) ** 2, 0)
  return Math.sqrt(sumOfSquares((i) => a[i]! - b[i]!) / sumOfSquares((i) => a[i]!))
}

// 172 inputs leave a short block of every size.
describe.each([
  [64, 96],
  [172, 64],
] as const)('%i inputs, %i outputs', (...shape) => {
  test.each(['q4b16', 'q4b32', 'q4b64', 'q8b32'] as const)(
    '%s is what its unpacked matrix computes, and nearly so with 8-bit activations',
    async (weights) => {
      const [rows, matrix] = [normal(ROWS * shape[0]), normal(shape[0] * shape[1])]
      const expected = truth(`${weights}a32`, rows, shape, matrix)
      expect(relativeGap(expected, await multiplied(`${weights}a32`, rows, shape, matrix))).toBeLessThan(1e-6)

      await checkPrecision(`${weights}a8`)
      const rounded = relativeGap(expected, await multiplied(`${weights}a8`, rows, shape, matrix))
      expect(rounded).toBeGreaterThan(1e-3)
      expect(rounded).toBeLessThan(2e-2)
    },
  )
})
