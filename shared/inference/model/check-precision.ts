import { StarlingError } from '../../process/errors.ts'
import { FLOAT, OnnxGraph } from '../onnx/graph.ts'
import { openSession } from '../onnx/session.ts'
import { type Packing, type Precision, packingOf } from '../precision.ts'
import { addPackedMatrix, packedProduct } from './packed-product.ts'

const INPUTS = 128
const OUTPUTS = 16

/**
 * ONNX Runtime keeps activations in float32, and says nothing, on processors that it has no integer kernel for: answers would then be
 * of another class than the one declared. @throws StarlingError PRECISION_UNUSABLE
 */
export async function checkPrecision(precision: Precision): Promise<void> {
  const packing = packingOf(precision)
  if (packing?.activationBits !== 8) return
  const rounded = await multiplied(packing)
  const exact = await multiplied({ ...packing, activationBits: 32 })
  if (rounded.some((value, i) => value !== exact[i])) return
  throw new StarlingError(
    'PRECISION_UNUSABLE',
    `ONNX Runtime has no kernel for ${precision} on this processor, and would compute another class`,
    'serve in fp32 here',
  )
}

/** One row, of values that 8 bits can't hold, times a packed matrix. */
async function multiplied(packing: Packing): Promise<Float32Array> {
  const graph = new OnnxGraph()
  const row = graph.input('row', FLOAT, [1, INPUTS])
  const spread = (size: number) =>
    Float32Array.from({ length: size }, (_, i) => Math.fround(((i * 37) % 101) / 101 - 0.5))
  addPackedMatrix(graph, packing, 'matrix', [INPUTS, OUTPUTS], spread(INPUTS * OUTPUTS))
  const product = packedProduct(graph, packing, row, 'matrix', [INPUTS, OUTPUTS])
  graph.output(product, FLOAT, [1, OUTPUTS])
  const session = await openSession(graph.finish(), 1)
  try {
    const results = await session.run({ row: { data: spread(INPUTS), shape: [1, INPUTS] } }, [product])
    return results.get(product)!
  } finally {
    await session.release()
  }
}
