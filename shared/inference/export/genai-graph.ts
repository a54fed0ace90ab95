import { type Architecture, headWidth } from '../model/architecture.ts'
import { MICROSOFT } from '../model/graph-parts.ts'
import type { Weights } from '../model/weights.ts'
import { INT32 } from '../onnx/graph.ts'
import type { Dtype } from './elements.ts'
import { decoder, exportedGraph, type Store } from './onnx-parts.ts'

/**
 * ONNX bytes of a decoder as onnxruntime-genai builds them, with fused grouped-query attention. `attention_mask`
 * [batch, total] only tells lengths, so padding goes to the right. Outputs: `logits` [batch, sequence, vocabulary],
 * `present.L.key|value` [batch, kvHeads, total, headWidth].
 */
export function genaiGraph(
  architecture: Architecture,
  weights: Weights,
  dtype: Dtype,
  store: Store,
): Uint8Array {
  const graph = exportedGraph(architecture, weights, dtype, store)
  const { heads, kvHeads } = architecture
  const toInt32 = (value: string) => graph.node('Cast', [value], { attributes: { to: INT32 } })
  const length = graph.node('ReduceSum', ['attention_mask', graph.integers(1)], {
    attributes: { keepdims: 0 },
  })
  const lastIndex = toInt32(graph.node('Sub', [length, graph.integers(1)]))
  const total = toInt32(graph.node('Gather', [graph.node('Shape', ['attention_mask']), graph.integer(1)]))
  decoder(graph, architecture, dtype, (_, layer, normed) => {
    const packed = graph.node('MatMul', [normed, `layer${layer}.queryKeyValue`])
    const past = [`past_key_values.${layer}.key`, `past_key_values.${layer}.value`]
    return graph.node('GroupQueryAttention', [packed, '', '', ...past, lastIndex, total, 'cos', 'sin'], {
      domain: MICROSOFT,
      attributes: {
        num_heads: heads,
        kv_num_heads: kvHeads,
        do_rotary: 1,
        scale: { float: 1 / Math.sqrt(headWidth(architecture)) },
      },
      outputs: [`attended.${layer}`, `present.${layer}.key`, `present.${layer}.value`],
    })
  })
  return graph.finish()
}
