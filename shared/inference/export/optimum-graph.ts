import { type Architecture, headWidth } from '../model/architecture.ts'
import { MICROSOFT } from '../model/graph-parts.ts'
import type { Weights } from '../model/weights.ts'
import { BOOL, INT64, type OnnxGraph } from '../onnx/graph.ts'
import { type Dtype, encodeFloats } from './elements.ts'
import { decoder, exportedGraph, INSIDE, onnxType } from './onnx-parts.ts'

/** Lowest of a type, or low enough: a masked position gets no weight in the softmax. */
const MASKED = { fp32: -1e9, fp16: -65_504 }

/**
 * ONNX bytes of a decoder as Optimum exports them: past and present keys and values are joined in the graph, and any
 * padding is right, since `attention_mask` [batch, total] and `position_ids` [batch, sequence] say what counts.
 * Outputs: `logits` [batch, sequence, vocabulary], `present.L.key|value` [batch, kvHeads, total, headWidth].
 */
export function optimumGraph(architecture: Architecture, weights: Weights, dtype: Dtype): Uint8Array {
  const graph = exportedGraph(architecture, weights, dtype, INSIDE)
  graph.input('position_ids', INT64, ['batch_size', 'sequence_length'])
  const bias = attentionBias(graph, architecture, dtype)
  decoder(graph, architecture, dtype, (_, layer, normed) => attend(graph, architecture, layer, normed, bias))
  return graph.finish()
}

/**
 * 0 where a query may look and a very low number elsewhere: [batch, 1, group · sequence, total]. The queries of a group of
 * heads lie one after the other, so that they share their keys without a copy.
 */
function attentionBias(graph: OnnxGraph, { heads, kvHeads }: Architecture, dtype: Dtype): string {
  const extent = (input: string) => graph.node('Gather', [graph.node('Shape', [input]), graph.integer(1)])
  const range = (end: string) => graph.node('Range', [graph.integer(0), end, graph.integer(1)])
  const total = extent('attention_mask')
  const sequence = extent('input_ids')
  const past = graph.node('Sub', [total, sequence])
  const queries = graph.node('Unsqueeze', [graph.node('Add', [range(sequence), past]), graph.integers(1)])
  const causal = graph.node('LessOrEqual', [range(total), queries])
  const rows = graph.node('Unsqueeze', ['attention_mask', graph.integers(1, 2)])
  const real = graph.node('Cast', [rows], { attributes: { to: BOOL } })
  const number = (name: string, value: number) =>
    graph.tensor(name, onnxType(dtype), [], encodeFloats(Float32Array.of(value), dtype))
  const may = graph.node('And', [real, causal])
  const one = graph.node('Where', [may, number('unmasked', 0), number('masked', MASKED[dtype])])
  const group = heads / kvHeads
  return group === 1 ? one : graph.node('Concat', Array<string>(group).fill(one), { attributes: { axis: 2 } })
}

function attend(
  graph: OnnxGraph,
  architecture: Architecture,
  layer: number,
  normed: string,
  bias: string,
): string {
  const { heads, kvHeads, width } = architecture
  const perHead = headWidth(architecture)
  const group = heads / kvHeads
  const kvWidth = kvHeads * perHead
  const both = graph.node('MatMul', [normed, `layer${layer}.queryKeyValue`])
  const [queryKey = '', value = ''] = graph.split(both, [width + kvWidth, kvWidth], -1)
  const rotated = graph.node('RotaryEmbedding', [queryKey, 'position_ids', 'cos', 'sin'], {
    domain: MICROSOFT,
  })
  const [query = '', key = ''] = graph.split(rotated, [width, kvWidth], -1)

  const join = (part: string, rows: string) => {
    const heads = graph.node('Reshape', [rows, graph.integers(0, 0, kvHeads, perHead)])
    const fresh = graph.node('Transpose', [heads], { attributes: { perm: [0, 2, 1, 3] } })
    const past = `past_key_values.${layer}.${part}`
    return graph.node('Concat', [past, fresh], {
      attributes: { axis: 2 },
      outputs: [`present.${layer}.${part}`],
    })
  }
  const keys = join('key', key)
  const values = join('value', value)
  const grouped = graph.node('Reshape', [query, graph.integers(0, 0, kvHeads, group, perHead)])
  const ordered = graph.node('Transpose', [grouped], { attributes: { perm: [0, 2, 3, 1, 4] } })
  const queries = graph.node('Reshape', [ordered, graph.integers(0, kvHeads, -1, perHead)])
  const scores = graph.node('FusedMatMul', [queries, keys], {
    domain: MICROSOFT,
    attributes: { transB: 1, alpha: { float: 1 / Math.sqrt(perHead) } },
  })
  const shares = graph.node('Softmax', [graph.node('Add', [scores, bias])], { attributes: { axis: -1 } })
  const mixed = graph.node('MatMul', [shares, values])
  const split = graph.node('Reshape', [mixed, graph.integers(0, kvHeads, group, -1, perHead)])
  const back = graph.node('Transpose', [split], { attributes: { perm: [0, 3, 1, 2, 4] } })
  return graph.node('Reshape', [back, graph.integers(0, 0, width)])
}
