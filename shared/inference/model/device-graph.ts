import { FLOAT, FLOAT16, INT32, INT64, type OnnxGraph } from '../onnx/graph.ts'
import { type Architecture, headWidth } from './architecture.ts'
import { embed, feedForward, MICROSOFT, norm, type Residual } from './graph-parts.ts'

/** Element type of weights, keys and values. Logits and hidden states are float32 in any case. */
export type Precision = 'fp32' | 'fp16'

export const elementType = (precision: Precision) => (precision === 'fp32' ? FLOAT : FLOAT16)
export const bytesOf = (precision: Precision) => (precision === 'fp32' ? 4 : 2)

/**
 * ONNX bytes of the one graph that reads prompts and decodes on a device, over a graph that already holds the weights.
 * It uses primitive operators only: fused attention is wrong on some devices. Any column of the past may be a hole that
 * `attention_bias` hides; there is always at least one column, as products with empty tensors have crashed WebGPU.
 *
 * Inputs: `input_ids` and `position_ids` [batch, sequence]; `attention_bias` [batch, 1, sequence, past + sequence];
 * `rows` [rows] int32, which of the batch · sequence positions to give results for; `past.L.key`
 * [batch, kvHeads, headWidth, past] and `past.L.value` [batch, kvHeads, past, headWidth]. Keys lie transposed, as their
 * product with the queries needs them, so that no step transposes the cache.
 * Outputs: `logits` [rows, vocabulary], `hidden_states` [rows, width], `present.L.key|value` with past + sequence columns.
 */
export function deviceGraph(graph: OnnxGraph, architecture: Architecture, precision: Precision): Uint8Array {
  const { heads, kvHeads, width, vocabularySize } = architecture
  const type = elementType(precision)
  graph.input('input_ids', INT64, ['batch', 'sequence'])
  graph.input('position_ids', INT64, ['batch', 'sequence'])
  graph.input('attention_bias', FLOAT, ['batch', 1, 'sequence', 'total'])
  graph.input('rows', INT32, ['rows'])
  const bias = precision === 'fp32' ? 'attention_bias' : cast(graph, 'attention_bias', type)
  // Query heads of a group lie one below the other, so the bias repeats once for each.
  const repeated = new Array<string>(heads / kvHeads).fill(bias)
  const groupBias = graph.node('Concat', repeated, { attributes: { axis: 2 } })
  const scale = graph.node('Cast', [graph.scalar(1 / Math.sqrt(headWidth(architecture)))], {
    attributes: { to: type },
  })

  let residual: Residual = embed(graph)
  for (let layer = 0; layer < architecture.layers; layer++) {
    const before = norm(graph, architecture, residual, `layer${layer}.attentionNorm`, `attention_in.${layer}`)
    const attended = attend(graph, architecture, { layer, type, scale, bias: groupBias }, before.normed)
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
  const { normed } = norm(graph, architecture, residual, 'finalNorm', 'normed')
  const flat = graph.node('Reshape', [normed, graph.integers(-1, width)])
  const chosen = graph.node('Gather', [flat, 'rows'], { attributes: { axis: 0 } })
  const logits = graph.node('MatMul', [chosen, 'logitsMatrix'])
  for (const [value, name, extent] of [
    [logits, 'logits', vocabularySize],
    [chosen, 'hidden_states', width],
  ] as const) {
    graph.node('Cast', [value], { outputs: [name], attributes: { to: FLOAT } })
    graph.output(name, FLOAT, ['rows', extent])
  }
  return graph.finish()
}

interface AttentionParts {
  readonly layer: number
  readonly type: number
  readonly scale: string
  readonly bias: string
}

/** softmax(q · [past keys, own keys] + bias) · [past values, own values], heads of a group one below the other. */
function attend(
  graph: OnnxGraph,
  architecture: Architecture,
  { layer, type, scale, bias }: AttentionParts,
  input: string,
): string {
  const { heads, kvHeads, width } = architecture
  const perHead = headWidth(architecture)
  const kvWidth = kvHeads * perHead
  const both = graph.node('MatMul', [input, `layer${layer}.queryKeyValue`])
  const [queryKey = '', valueFlat = ''] = graph.split(both, [width + kvWidth, kvWidth], -1)
  const rotated = graph.node('RotaryEmbedding', [queryKey, 'position_ids', 'cos', 'sin'], {
    domain: MICROSOFT,
  })
  const [queryFlat = '', keyFlat = ''] = graph.split(rotated, [width, kvWidth], -1)
  const byHead = (flat: string, count: number, perm: readonly number[]) => {
    const split = graph.node('Reshape', [flat, graph.integers(0, 0, count, perHead)])
    return graph.node('Transpose', [split], { attributes: { perm } })
  }
  const query = graph.node('Reshape', [
    byHead(graph.node('Mul', [queryFlat, scale]), heads, [0, 2, 1, 3]),
    graph.integers(0, kvHeads, -1, perHead),
  ])
  const shapes = cacheShapes(architecture, 'batch')
  const extended = (part: 'key' | 'value', rows: string, axis: number) => {
    const past = graph.input(`past.${layer}.${part}`, type, shapes('past')[part])
    const present = `present.${layer}.${part}`
    graph.output(present, type, shapes('total')[part])
    return graph.node('Concat', [past, rows], { outputs: [present], attributes: { axis } })
  }
  const keys = extended('key', byHead(keyFlat, kvHeads, [0, 2, 3, 1]), 3)
  const values = extended('value', byHead(valueFlat, kvHeads, [0, 2, 1, 3]), 2)
  const biased = graph.node('Add', [graph.node('MatMul', [query, keys]), bias])
  const shares = graph.node('Softmax', [biased], { attributes: { axis: -1 } })
  const grouped = graph.node('Reshape', [
    graph.node('MatMul', [shares, values]),
    graph.integers(0, heads, -1, perHead),
  ])
  const bySequence = graph.node('Transpose', [grouped], { attributes: { perm: [0, 2, 1, 3] } })
  return graph.node('Reshape', [bySequence, graph.integers(0, 0, width)])
}

/** Shapes of a layer's keys and values for a given number of columns. */
export function cacheShapes(architecture: Architecture, batch: number | string) {
  const { kvHeads } = architecture
  const perHead = headWidth(architecture)
  return (columns: number | string) => ({
    key: [batch, kvHeads, perHead, columns],
    value: [batch, kvHeads, columns, perHead],
  })
}

function cast(graph: OnnxGraph, value: string, to: number): string {
  return graph.node('Cast', [value], { attributes: { to } })
}
