import { FLOAT, INT64, type OnnxGraph } from '../onnx/graph.ts'
import type { Precision } from '../precision.ts'
import { type Architecture, headWidth } from './architecture.ts'
import {
  embed,
  feedForward,
  graphWithWeights,
  head,
  MICROSOFT,
  multiplierOf,
  norm,
  type Residual,
  roundAttended,
} from './graph-parts.ts'
import type { Weights } from './weights.ts'

/**
 * ONNX bytes of the graph that reads one new token for each of `batch` sequences. The past is a view of the caller's own
 * buffers and only the new key and value rows come out: outputs are copied at every run, so returning the whole cache
 * would cost more than the step. Inputs: `input_ids` and `position_ids` [batch, 1], `attention_bias`
 * [batch, 1, 1, capacity + 1], `past_and_own` the numbers capacity and 1, per layer `past.L.key|value` [batch, kvHeads, capacity, headWidth].
 * Outputs: `logits`, `hidden_states`, `new.L.key|value` [batch, kvHeads, 1, headWidth].
 */
export function decodeGraph(
  architecture: Architecture,
  weights: Weights,
  precision: Precision = 'fp32',
): Uint8Array {
  const graph = graphWithWeights(architecture, weights, precision)
  const multiply = multiplierOf(graph, architecture, precision)
  graph.input('input_ids', INT64, ['batch', 1])
  graph.input('position_ids', INT64, ['batch', 1])
  graph.input('attention_bias', FLOAT, ['batch', 1, 1, 'capacity_and_one'])
  graph.input('past_and_own', INT64, [2])
  const pastShape = ['batch', architecture.kvHeads, 'capacity', headWidth(architecture)]

  let residual: Residual = embed(graph)
  for (let layer = 0; layer < architecture.layers; layer++) {
    for (const part of ['key', 'value']) graph.input(`past.${layer}.${part}`, FLOAT, pastShape)
    const before = norm(graph, architecture, residual, `layer${layer}.attentionNorm`, `attention_in.${layer}`)
    const queryKeyValue = multiply(before.normed, `layer${layer}.queryKeyValue`)
    const attended = attendOne(graph, architecture, layer, queryKeyValue)
    const rounded = roundAttended(graph, precision, attended)
    const update = multiply(rounded, `layer${layer}.attentionOutput`)
    const between = norm(
      graph,
      architecture,
      { sum: before.sum, update },
      `layer${layer}.feedForwardNorm`,
      `feed_in.${layer}`,
    )
    residual = { sum: between.sum, update: feedForward(graph, architecture, layer, between.normed, multiply) }
  }
  head(graph, architecture, residual, 1)
  return graph.finish()
}

/** softmax(q·[past keys, own key] + bias) · [past values, own value], heads of a group side by side. */
function attendOne(
  graph: OnnxGraph,
  architecture: Architecture,
  layer: number,
  queryKeyValue: string,
): string {
  const { heads, kvHeads, width } = architecture
  const perHead = headWidth(architecture)
  const byHead = graph.node('Reshape', [queryKeyValue, graph.integers(0, heads + 2 * kvHeads, 1, perHead)])
  const key = `new.${layer}.key`
  const value = `new.${layer}.value`
  for (const name of [key, value]) graph.output(name, FLOAT, ['batch', kvHeads, 1, perHead])
  const queryKey = `query_key.${layer}`
  const byPart = (whole: string, sizes: readonly [number, number], outputs: readonly string[]) =>
    graph.node('Split', [whole, graph.integers(...sizes)], { outputs, attributes: { axis: 1 } })
  byPart(byHead, [heads + kvHeads, kvHeads], [queryKey, value])
  const rotated = graph.node('RotaryEmbedding', [queryKey, 'position_ids', 'cos', 'sin'], {
    domain: MICROSOFT,
  })
  const queryByHead = byPart(rotated, [heads, kvHeads], [`query.${layer}`, key])
  const query = graph.node('Reshape', [queryByHead, graph.integers(0, kvHeads, heads / kvHeads, perHead)])

  const attributes = { transB: 1, alpha: { float: 1 / Math.sqrt(perHead) } }
  const pastScores = graph.node('FusedMatMul', [query, `past.${layer}.key`], {
    domain: MICROSOFT,
    attributes,
  })
  const ownScore = graph.node('FusedMatMul', [query, key], { domain: MICROSOFT, attributes })
  const scores = graph.node('Concat', [pastScores, ownScore], { attributes: { axis: -1 } })
  const biased = graph.node('Add', [scores, 'attention_bias'])
  const shares = graph.node('Softmax', [biased], { attributes: { axis: -1 } })
  const [pastShares, ownShare] = [`past_shares.${layer}`, `own_share.${layer}`]
  graph.node('Split', [shares, 'past_and_own'], { outputs: [pastShares, ownShare], attributes: { axis: -1 } })
  const pastPart = graph.node('MatMul', [pastShares, `past.${layer}.value`])
  const attended = graph.node('Add', [pastPart, graph.node('Mul', [ownShare, value])])
  return graph.node('Reshape', [attended, graph.integers(0, 1, width)])
}
