import { FLOAT, INT64, type OnnxGraph } from '../onnx/graph.ts'
import { type Architecture, headWidth } from './architecture.ts'
import { embed, feedForward, graphWithWeights, head, MICROSOFT, norm, type Residual } from './graph-parts.ts'
import type { Weights } from './weights.ts'

/**
 * ONNX bytes of the graph that reads one new token for each of `batch` sequences. The past is a view of the caller's own
 * buffers and only the new key and value rows come out: outputs are copied at every run, so returning the whole cache
 * would cost more than the step. Inputs: `input_ids` and `position_ids` [batch, 1], `attention_bias`
 * [batch, 1, 1, capacity + 1], per layer `past.L.key|value` [batch, kvHeads, capacity, headWidth].
 * Outputs: `logits`, `hidden_states`, `new.L.key|value` [batch, kvHeads, 1, headWidth].
 */
export function decodeGraph(architecture: Architecture, weights: Weights): Uint8Array {
  const graph = graphWithWeights(architecture, weights)
  graph.input('input_ids', INT64, ['batch', 1])
  graph.input('position_ids', INT64, ['batch', 1])
  graph.input('attention_bias', FLOAT, ['batch', 1, 1, 'capacity_and_one'])
  const pastShape = ['batch', architecture.kvHeads, 'capacity', headWidth(architecture)]

  let residual: Residual = embed(graph)
  for (let layer = 0; layer < architecture.layers; layer++) {
    for (const part of ['key', 'value']) graph.input(`past.${layer}.${part}`, FLOAT, pastShape)
    const before = norm(graph, architecture, residual, `layer${layer}.attentionNorm`, `attention_in.${layer}`)
    const attended = attendOne(graph, architecture, layer, before.normed)
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
  head(graph, architecture, residual, 1)
  return graph.finish()
}

/** softmax(q·[past keys, own key] + bias) · [past values, own value], heads of a group side by side. */
function attendOne(graph: OnnxGraph, architecture: Architecture, layer: number, input: string): string {
  const { heads, kvHeads, width } = architecture
  const perHead = headWidth(architecture)
  const kvWidth = kvHeads * perHead
  const both = graph.node('MatMul', [input, `layer${layer}.queryKeyValue`])
  const [queryKey = '', valueFlat = ''] = graph.split(both, [width + kvWidth, kvWidth], -1)
  const rotated = graph.node('RotaryEmbedding', [queryKey, 'position_ids', 'cos', 'sin'], {
    domain: MICROSOFT,
  })
  const [queryFlat = '', keyFlat = ''] = graph.split(rotated, [width, kvWidth], -1)
  const query = graph.node('Reshape', [queryFlat, graph.integers(0, kvHeads, heads / kvHeads, perHead)])
  const newRow = (flat: string, part: string) => {
    const name = `new.${layer}.${part}`
    graph.output(name, FLOAT, ['batch', kvHeads, 1, perHead])
    return graph.node('Reshape', [flat, graph.integers(0, kvHeads, 1, perHead)], { outputs: [name] })
  }
  const key = newRow(keyFlat, 'key')
  const value = newRow(valueFlat, 'value')

  const attributes = { transB: 1, alpha: { float: 1 / Math.sqrt(perHead) } }
  const pastScores = graph.node('FusedMatMul', [query, `past.${layer}.key`], {
    domain: MICROSOFT,
    attributes,
  })
  const ownScore = graph.node('FusedMatMul', [query, key], { domain: MICROSOFT, attributes })
  const scores = graph.node('Concat', [pastScores, ownScore], { attributes: { axis: -1 } })
  const biased = graph.node('Add', [scores, 'attention_bias'])
  const shares = graph.node('Softmax', [biased], { attributes: { axis: -1 } })
  const [first, last, end, axis] = [
    graph.integers(0),
    graph.integers(-1),
    graph.integers(2 ** 31),
    graph.integers(3),
  ]
  const pastShares = graph.node('Slice', [shares, first, last, axis])
  const ownShare = graph.node('Slice', [shares, last, end, axis])
  const pastPart = graph.node('MatMul', [pastShares, `past.${layer}.value`])
  const attended = graph.node('Add', [pastPart, graph.node('Mul', [ownShare, value])])
  return graph.node('Reshape', [attended, graph.integers(0, 1, width)])
}
