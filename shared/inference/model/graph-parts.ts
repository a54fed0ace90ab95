import { FLOAT, OnnxGraph } from '../onnx/graph.ts'
import { type Architecture, parameters } from './architecture.ts'
import { rotaryTables } from './rotary.ts'
import { tensorOf, type Weights } from './weights.ts'

/** ONNX Runtime's operator domain: fused norms, rotary embedding, grouped-query attention. */
export const MICROSOFT = 'com.microsoft'

/** The residual stream between blocks: the sum so far, and what the last block adds to it. */
export interface Residual {
  readonly sum: string
  readonly update: string | undefined
}

/** A graph that already holds the weights by their parameter names, `logitsMatrix`, and the rotary tables. */
export function graphWithWeights(architecture: Architecture, weights: Weights): OnnxGraph {
  const graph = new OnnxGraph()
  for (const { name, shape } of parameters(architecture)) graph.floats(name, shape, tensorOf(weights, name))
  const { vocabularySize, width, contextLength } = architecture
  const embedding = tensorOf(weights, 'embedding')
  graph.floats('logitsMatrix', [width, vocabularySize], transpose(embedding, vocabularySize, width))
  const { cos, sin } = rotaryTables(architecture, contextLength)
  const half = cos.length / contextLength
  graph.floats('cos', [contextLength, half], cos)
  graph.floats('sin', [contextLength, half], sin)
  return graph
}

export function embed(graph: OnnxGraph): Residual {
  return {
    sum: graph.node('Gather', ['embedding', 'input_ids'], { attributes: { axis: 0 } }),
    update: undefined,
  }
}

/** RMSNorm of the residual stream; folds a pending update into the sum in the same operator. */
export function norm(
  graph: OnnxGraph,
  architecture: Architecture,
  residual: Residual,
  scale: string,
  output: string,
): { readonly normed: string; readonly sum: string } {
  const epsilon = { float: architecture.normEpsilon }
  if (residual.update === undefined) {
    const attributes = { axis: -1, epsilon }
    graph.node('SimplifiedLayerNormalization', [residual.sum, scale], { attributes, outputs: [output] })
    return { normed: output, sum: residual.sum }
  }
  const sum = `${output}.sum`
  graph.node('SkipSimplifiedLayerNormalization', [residual.sum, residual.update, scale], {
    domain: MICROSOFT,
    attributes: { epsilon },
    outputs: [output, '', '', sum],
  })
  return { normed: output, sum }
}

/** SwiGLU: down(silu(gate) · up), with gate and up as one matrix. */
export function feedForward(
  graph: OnnxGraph,
  architecture: Architecture,
  layer: number,
  input: string,
): string {
  const both = graph.node('MatMul', [input, `layer${layer}.gateUp`])
  const [gate = '', up = ''] = graph.split(both, [architecture.feedForward, architecture.feedForward], -1)
  const silu = graph.node('Mul', [gate, graph.node('Sigmoid', [gate])])
  return graph.node('MatMul', [graph.node('Mul', [silu, up]), `layer${layer}.down`])
}

/** Final norm and logits, as the outputs `hidden_states` [batch, sequence, width] and `logits` [batch, sequence, V]. */
export function head(
  graph: OnnxGraph,
  architecture: Architecture,
  residual: Residual,
  sequence: number | string,
): void {
  const { normed } = norm(graph, architecture, residual, 'finalNorm', 'hidden_states')
  graph.node('MatMul', [normed, 'logitsMatrix'], { outputs: ['logits'] })
  graph.output('logits', FLOAT, ['batch', sequence, architecture.vocabularySize])
  graph.output('hidden_states', FLOAT, ['batch', sequence, architecture.width])
}

function transpose(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(matrix.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      out[column * rows + row] = matrix[row * columns + column]!
    }
  }
  return out
}
