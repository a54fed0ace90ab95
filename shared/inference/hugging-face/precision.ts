import { FLOAT16 } from '../onnx/graph.ts'
import type { ModelFacts } from '../onnx/skim.ts'

/** How a graph computes, as far as it shows in its numbers. */
export interface Precision {
  /** Part of the execution class: `fp32`, `fp16`, `q4`, `q4a8` (8-bit activations), `int8`. */
  readonly name: string
  /**
   * The scale of its activations is taken over everything that is read together, so a token's logits depend on its
   * neighbours: no replay can be exact, and no two sequences should share a step.
   */
  readonly isDynamic: boolean
}

const DYNAMIC = new Set([
  'DynamicQuantizeLinear',
  'DynamicQuantizeMatMul',
  'DynamicQuantizeLSTM',
  'MatMulIntegerToFloat',
])

/** MatMulNBits' accuracy level at which activations become 8-bit integers, row by row. */
const INTEGER_ACTIVATIONS = 4

export function precisionOf(facts: ModelFacts): Precision {
  if (facts.nodes.some(({ operator }) => DYNAMIC.has(operator))) return { name: 'int8', isDynamic: true }
  const packed = facts.nodes.filter(({ operator }) => operator === 'MatMulNBits')
  if (packed.length > 0) {
    const bits = Math.min(...packed.map(({ integers }) => integers.get('bits') ?? 4))
    const isInteger = packed.some(({ integers }) => integers.get('accuracy_level') === INTEGER_ACTIVATIONS)
    return { name: `q${bits}${isInteger ? 'a8' : ''}`, isDynamic: false }
  }
  const [most] = [...facts.weights].sort((a, b) => b[1] - a[1])[0] ?? []
  return { name: most === FLOAT16 ? 'fp16' : 'fp32', isDynamic: false }
}
