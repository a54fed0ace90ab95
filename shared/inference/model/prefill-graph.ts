import { FLOAT, INT32, INT64, type OnnxGraph } from '../onnx/graph.ts'
import type { Precision } from '../precision.ts'
import { type Architecture, headWidth } from './architecture.ts'
import {
  embed,
  feedForward,
  graphWithWeights,
  MICROSOFT,
  multiplierOf,
  norm,
  type Residual,
  roundAttended,
} from './graph-parts.ts'
import type { Weights } from './weights.ts'

/**
 * ONNX bytes of the graph that reads many tokens of a sequence at once, with fused grouped-query attention. Either whole
 * beginnings, right-padded to one length, with a past of length 0; or one sequence's next tokens after its past.
 * Inputs: `input_ids` [batch, sequence], `last_index` [batch] int32 (past and own tokens − 1), `length` [] int32 (past and
 * padded), `rows` [wanted] (indices into batch·sequence of the rows to return), per layer `past.L.key|value` [batch, kvHeads,
 * past, headWidth]. Outputs: `logits` and `hidden_states` [wanted, ·], per layer `present.L.key|value` [batch, kvHeads,
 * past + sequence, headWidth].
 */
export function prefillGraph(
  architecture: Architecture,
  weights: Weights,
  precision: Precision = 'fp32',
): Uint8Array {
  const graph = graphWithWeights(architecture, weights, precision)
  const multiply = multiplierOf(graph, architecture, precision)
  graph.input('input_ids', INT64, ['batch', 'sequence'])
  graph.input('last_index', INT32, ['batch'])
  graph.input('length', INT32, [])
  graph.input('rows', INT64, ['wanted'])

  let residual: Residual = embed(graph)
  for (let layer = 0; layer < architecture.layers; layer++) {
    const before = norm(graph, architecture, residual, `layer${layer}.attentionNorm`, `attention_in.${layer}`)
    const queryKeyValue = multiply(before.normed, `layer${layer}.queryKeyValue`)
    const attended = attendMany(graph, architecture, layer, queryKeyValue)
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
  wantedRows(graph, architecture, residual)
  return graph.finish()
}

function attendMany(
  graph: OnnxGraph,
  architecture: Architecture,
  layer: number,
  queryKeyValue: string,
): string {
  const { heads, kvHeads } = architecture
  const kvShape = (extent: string) => ['batch', kvHeads, extent, headWidth(architecture)]
  const parts = ['key', 'value']
  const past = parts.map((part) => graph.input(`past.${layer}.${part}`, FLOAT, kvShape('past')))
  const present = parts.map((part) => `present.${layer}.${part}`)
  for (const name of present) graph.output(name, FLOAT, kvShape('total'))
  const inputs = [queryKeyValue, '', '', ...past, 'last_index', 'length', 'cos', 'sin']
  return graph.node('GroupQueryAttention', inputs, {
    domain: MICROSOFT,
    attributes: { num_heads: heads, kv_num_heads: kvHeads, do_rotary: 1 },
    outputs: [`attended.${layer}`, ...present],
  })
}

/** Final norm and logits of the wanted rows alone: a prompt needs those of its last token, and outputs are copied. */
function wantedRows(graph: OnnxGraph, architecture: Architecture, residual: Residual): void {
  const { vocabularySize, width } = architecture
  const { normed } = norm(graph, architecture, residual, 'finalNorm', 'normed')
  const flat = graph.node('Reshape', [normed, graph.integers(-1, width)])
  graph.node('Gather', [flat, 'rows'], { attributes: { axis: 0 }, outputs: ['hidden_states'] })
  graph.node('MatMul', ['hidden_states', 'logitsMatrix'], { outputs: ['logits'] })
  graph.output('logits', FLOAT, ['wanted', vocabularySize])
  graph.output('hidden_states', FLOAT, ['wanted', width])
}
