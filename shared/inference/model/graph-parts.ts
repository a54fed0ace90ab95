import { FLOAT, OnnxGraph } from '../onnx/graph.ts'
import { type Precision, packingOf } from '../precision.ts'
import { type Architecture, type Parameter, parameters } from './architecture.ts'
import { onAttentionGrid } from './attention-grid.ts'
import { addPackedMatrix, type MatrixShape, packedProduct } from './packed-product.ts'
import { rotaryTables } from './rotary.ts'
import { tensorOf, type Weights } from './weights.ts'

/** ONNX Runtime's operator domain: fused norms, rotary embedding, grouped-query attention. */
export const MICROSOFT = 'com.microsoft'

/** The residual stream between blocks: the sum so far, and what the last block adds to it. */
export interface Residual {
  readonly sum: string
  readonly update: string | undefined
}

/** Multiplies rows by one of the layers’ matrices, which it knows by name. */
export type Multiply = (input: string, matrix: string) => string

/**
 * A graph that already holds the weights by their parameter names, `logitsMatrix`, and the rotary tables. Where a precision packs
 * the layers’ matrices, only `multiplierOf` finds them; embedding, norms and logits stay float32.
 */
export function graphWithWeights(
  architecture: Architecture,
  weights: Weights,
  precision: Precision = 'fp32',
): OnnxGraph {
  const graph = new OnnxGraph()
  const packing = packingOf(precision)
  const served = packing === undefined ? weights : onAttentionGrid(architecture, weights)
  for (const parameter of parameters(architecture)) {
    const { name, shape } = parameter
    const matrix = layerMatrix(parameter)
    if (packing === undefined || matrix === undefined) graph.floats(name, shape, tensorOf(served, name))
    else addPackedMatrix(graph, packing, name, matrix, tensorOf(served, name))
  }
  const { vocabularySize, width, contextLength } = architecture
  const embedding = tensorOf(weights, 'embedding')
  graph.floats('logitsMatrix', [width, vocabularySize], transpose(embedding, vocabularySize, width))
  const { cos, sin } = rotaryTables(architecture, contextLength)
  const half = cos.length / contextLength
  graph.floats('cos', [contextLength, half], cos)
  graph.floats('sin', [contextLength, half], sin)
  return graph
}

/** How a graph of that precision multiplies by its layers’ matrices. */
export function multiplierOf(graph: OnnxGraph, architecture: Architecture, precision: Precision): Multiply {
  const packing = packingOf(precision)
  if (packing === undefined) return (input, matrix) => graph.node('MatMul', [input, matrix])
  const shapes = new Map(parameters(architecture).map((own) => [own.name, layerMatrix(own)]))
  return (input, matrix) => packedProduct(graph, packing, input, matrix, shapes.get(matrix)!)
}

/** What attention gives out, on the grid of a precision that packs its matrices; see `onAttentionGrid`. */
export function roundAttended(graph: OnnxGraph, precision: Precision, attended: string): string {
  return packingOf(precision) === undefined ? attended : graph.node('Round', [attended])
}

/** Shape of a parameter that is a layer’s matrix. */
function layerMatrix({ name, shape }: Parameter): MatrixShape | undefined {
  const [inputs, outputs] = shape
  return name === 'embedding' || inputs === undefined || outputs === undefined ? undefined : [inputs, outputs]
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
  multiply: Multiply = multiplierOf(graph, architecture, 'fp32'),
): string {
  const both = multiply(input, `layer${layer}.gateUp`)
  const [gate = '', up = ''] = graph.split(both, [architecture.feedForward, architecture.feedForward], -1)
  const silu = graph.node('Mul', [gate, graph.node('Sigmoid', [gate])])
  return multiply(graph.node('Mul', [silu, up]), `layer${layer}.down`)
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
