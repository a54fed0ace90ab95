import { type Architecture, headWidth, parameters } from '../model/architecture.ts'
import { MICROSOFT } from '../model/graph-parts.ts'
import { rotaryTables } from '../model/rotary.ts'
import { tensorOf, type Weights } from '../model/weights.ts'
import { type ExternalData, FLOAT, FLOAT16, INT64, OnnxGraph } from '../onnx/graph.ts'
import { type Dtype, encodeFloats, transpose } from './elements.ts'

/** Where a tensor's bytes go: into the graph as they are, or elsewhere. */
export type Store = (bytes: Uint8Array) => Uint8Array | ExternalData

/** What the attention of one layer makes of the normed residual stream; its name of [batch, sequence, width]. */
export type Attention = (graph: OnnxGraph, layer: number, normed: string) => string

export const INSIDE: Store = (bytes) => bytes

export function onnxType(dtype: Dtype): number {
  return dtype === 'fp32' ? FLOAT : FLOAT16
}

/** A graph with weights and rotary tables in `dtype`, and the inputs that every exported decoder has. */
export function exportedGraph(
  architecture: Architecture,
  weights: Weights,
  dtype: Dtype,
  store: Store,
): OnnxGraph {
  const graph = new OnnxGraph()
  const put = (name: string, shape: readonly number[], values: Float32Array) =>
    graph.tensor(name, onnxType(dtype), shape, store(encodeFloats(values, dtype)))
  for (const { name, shape } of parameters(architecture)) put(name, shape, tensorOf(weights, name))
  const { vocabularySize, width, contextLength, layers, kvHeads } = architecture
  const embedding = tensorOf(weights, 'embedding')
  put('head', [width, vocabularySize], transpose(embedding, vocabularySize, width))
  const { cos, sin } = rotaryTables(architecture, contextLength)
  const half = headWidth(architecture) / 2
  put('cos', [contextLength, half], cos)
  put('sin', [contextLength, half], sin)

  // Names of inputs, outputs and sizes as Optimum gives them: other programs find them by these.
  graph.input('input_ids', INT64, ['batch_size', 'sequence_length'])
  graph.input('attention_mask', INT64, ['batch_size', 'total_sequence_length'])
  const kvShape = (length: string) => ['batch_size', kvHeads, length, headWidth(architecture)]
  for (let layer = 0; layer < layers; layer++) {
    for (const part of ['key', 'value']) {
      graph.input(`past_key_values.${layer}.${part}`, onnxType(dtype), kvShape('past_sequence_length'))
      graph.output(`present.${layer}.${part}`, onnxType(dtype), kvShape('total_sequence_length'))
    }
  }
  return graph
}

/** The decoder around an attention; gives `logits` [batch, sequence, vocabulary] in float32 whatever `dtype` is. */
export function decoder(graph: OnnxGraph, architecture: Architecture, dtype: Dtype, attend: Attention): void {
  const { layers, feedForward, vocabularySize, normEpsilon } = architecture
  let sum = graph.node('Gather', ['embedding', 'input_ids'], { attributes: { axis: 0 } })
  let update: string | undefined
  const norm = (scale: string) => {
    const output = `${scale}.output`
    const epsilon = { float: normEpsilon }
    if (update === undefined) {
      return graph.node('SimplifiedLayerNormalization', [sum, scale], {
        attributes: { axis: -1, epsilon },
        outputs: [output],
      })
    }
    const outputs = [output, '', '', `${scale}.sum`]
    graph.node('SkipSimplifiedLayerNormalization', [sum, update, scale], {
      domain: MICROSOFT,
      attributes: { epsilon },
      outputs,
    })
    sum = `${scale}.sum`
    return output
  }
  for (let layer = 0; layer < layers; layer++) {
    const attended = attend(graph, layer, norm(`layer${layer}.attentionNorm`))
    update = graph.node('MatMul', [attended, `layer${layer}.attentionOutput`])
    const both = graph.node('MatMul', [norm(`layer${layer}.feedForwardNorm`), `layer${layer}.gateUp`])
    const [gate = '', up = ''] = graph.split(both, [feedForward, feedForward], -1)
    const silu = graph.node('Mul', [gate, graph.node('Sigmoid', [gate])])
    update = graph.node('MatMul', [graph.node('Mul', [silu, up]), `layer${layer}.down`])
  }
  const hidden = norm('finalNorm')
  if (dtype === 'fp32') graph.node('MatMul', [hidden, 'head'], { outputs: ['logits'] })
  else {
    const logits = graph.node('MatMul', [hidden, 'head'])
    graph.node('Cast', [logits], { attributes: { to: FLOAT }, outputs: ['logits'] })
  }
  graph.output('logits', FLOAT, ['batch_size', 'sequence_length', vocabularySize])
}
