import { ProtobufWriter } from './protobuf-writer.ts'
import type { ModelFacts, NodeFacts } from './skim.ts'

/** Operators that multiply what goes in with the output matrix; their first input is the hidden state. */
const PRODUCTS = new Set([
  'MatMul',
  'Gemm',
  'FusedMatMul',
  'FusedGemm',
  'MatMulNBits',
  'MatMulBnb4',
  'MatMulInteger',
  'MatMulIntegerToFloat',
  'DynamicQuantizeMatMul',
])

/** What may stand between the product and `logits`: casts, biases, scales, soft caps, de-quantisation. */
const AFTER_PRODUCT = new Set([
  'Cast',
  'Add',
  'Mul',
  'Div',
  'Tanh',
  'Identity',
  'Reshape',
  'DequantizeLinear',
])

/** What may stand between the hidden state and an integer product. */
const BEFORE_PRODUCT = new Set(['DynamicQuantizeLinear', 'QuantizeLinear', 'Identity'])

const FARTHEST = 24

/**
 * The tensor that the output matrix is multiplied with: the final-norm hidden state. Undefined where the graph ends in
 * another way.
 */
export function hiddenTensor(facts: ModelFacts, logits: string): string | undefined {
  const makers = new Map<string, NodeFacts>()
  for (const node of facts.nodes) for (const name of node.outputs) makers.set(name, node)
  const computed = ({ inputs }: NodeFacts) => inputs.find((name) => makers.has(name))

  let name: string | undefined = logits
  for (let step = 0; step < FARTHEST && name !== undefined; step++) {
    const node = makers.get(name)
    if (node === undefined) return undefined
    if (PRODUCTS.has(node.operator)) {
      let hidden = node.inputs[0]
      for (let maker = makers.get(hidden ?? ''); maker !== undefined; maker = makers.get(hidden ?? '')) {
        if (!BEFORE_PRODUCT.has(maker.operator)) return hidden
        hidden = maker.inputs[0]
      }
      return undefined
    }
    name = AFTER_PRODUCT.has(node.operator) ? computed(node) : undefined
  }
  return undefined
}

/**
 * Bytes that, appended to an ONNX file, make one of its inner tensors an output too: a second occurrence of
 * ModelProto.graph, which protobuf merges into the first.
 */
export function tapBytes(tensor: string): Uint8Array {
  const output = new ProtobufWriter().string(1, tensor)
  return new ProtobufWriter().message(7, new ProtobufWriter().message(12, output)).finish()
}
