import { FLOAT, INT32, INT64 } from '../onnx/graph.ts'
import { type Architecture, headWidth } from './architecture.ts'
import { embed, feedForward, graphWithWeights, head, MICROSOFT, norm, type Residual } from './graph-parts.ts'
import type { Weights } from './weights.ts'

/**
 * ONNX bytes of the graph that reads whole sequences at once, right-padded to one length, with fused grouped-query
 * attention. Inputs: `input_ids` [batch, sequence], `last_index` [batch] int32 (length − 1), `length` [] int32
 * (padded). Outputs: `logits`, `hidden_states`, and per layer `present.L.key|value` [batch, kvHeads, sequence, headWidth].
 */
export function prefillGraph(architecture: Architecture, weights: Weights): Uint8Array {
  const graph = graphWithWeights(architecture, weights)
  graph.input('input_ids', INT64, ['batch', 'sequence'])
  graph.input('last_index', INT32, ['batch'])
  graph.input('length', INT32, [])
  const kvShape = ['batch', architecture.kvHeads, 'sequence', headWidth(architecture)]

  let residual: Residual = embed(graph)
  for (let layer = 0; layer < architecture.layers; layer++) {
    const before = norm(graph, architecture, residual, `layer${layer}.attentionNorm`, `attention_in.${layer}`)
    const queryKeyValue = graph.node('MatMul', [before.normed, `layer${layer}.queryKeyValue`])
    const present = [`present.${layer}.key`, `present.${layer}.value`]
    const inputs = [queryKeyValue, '', '', '', '', 'last_index', 'length', 'cos', 'sin']
    const attended = graph.node('GroupQueryAttention', inputs, {
      domain: MICROSOFT,
      attributes: { num_heads: architecture.heads, kv_num_heads: architecture.kvHeads, do_rotary: 1 },
      outputs: [`attended.${layer}`, ...present],
    })
    for (const name of present) graph.output(name, FLOAT, kvShape)
    const update = graph.node('MatMul', [attended, `layer${layer}.attentionOutput`])
    const between = norm(
      graph,
      architecture,
      { sum: before.sum, update },
      `layer${layer}.feedForwardNorm`,
      `feed_in.${layer}`,
    )
    residual = { sum: between.sum, update: feedForward(graph, architecture, layer, between.normed) }
  }
  head(graph, architecture, residual, 'sequence')
  return graph.finish()
}
