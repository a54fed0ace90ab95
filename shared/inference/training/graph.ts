import { type Architecture, headWidth, parameters } from '../model/architecture.ts'
import { rotaryTables } from '../model/rotary.ts'
import { FLOAT, INT64, OnnxGraph } from '../onnx/graph.ts'
import { attention, attentionMask } from './attention.ts'
import { linear, rmsNorm, type Step, swiGlu, Tape, type TrainingShape } from './layers.ts'
import { optimize, stateNames } from './optimizer.ts'

/**
 * ONNX bytes of one training step: forward, backward derived by hand, and the optimizer, so that the runtime which
 * serves the model also trains it. Inputs: `input_ids` and `targets` [batch·sequence], `token_weights`
 * [batch·sequence, 1], `documents` [batch, 1, sequence, 1], every parameter with its moments, and the optimizer's
 * scalars. Outputs: `loss` (weighted mean, nats a token) and the next parameters and moments.
 */
export function trainingGraph(architecture: Architecture, batch: number, sequence: number): Uint8Array {
  const { layers, heads, kvHeads, normEpsilon, vocabularySize } = architecture
  const shape: TrainingShape = { batch, sequence, heads, kvHeads, headWidth: headWidth(architecture) }
  const rows = batch * sequence
  const graph = new OnnxGraph()
  const tape = new Tape(graph)
  for (const parameter of parameters(architecture)) {
    for (const name of stateNames(parameter)) graph.input(name, FLOAT, parameter.shape)
  }
  graph.input('input_ids', INT64, [rows])
  graph.floats('off_and_on', [2], Float32Array.of(0, 1))
  const { cos, sin } = rotaryTables(architecture, sequence)
  graph.floats('cos', [1, 1, sequence, shape.headWidth / 2], cos)
  graph.floats('sin', [1, 1, sequence, shape.headWidth / 2], sin)
  attentionMask(tape, shape)

  let stream = graph.node('Gather', ['embedding', 'input_ids'], { attributes: { axis: 0 } })
  const blocks: Step[] = []
  for (let layer = 0; layer < layers; layer++) {
    const name = `layer${layer}`
    const attend = [
      (x: string) => rmsNorm(tape, x, `${name}.attentionNorm`, normEpsilon),
      (x: string) => linear(tape, x, `${name}.queryKeyValue`),
      (x: string) => attention(tape, x, shape),
      (x: string) => linear(tape, x, `${name}.attentionOutput`),
    ]
    const feed = [
      (x: string) => rmsNorm(tape, x, `${name}.feedForwardNorm`, normEpsilon),
      (x: string) => linear(tape, x, `${name}.gateUp`),
      (x: string) => swiGlu(tape, x, architecture.feedForward),
      (x: string) => linear(tape, x, `${name}.down`),
    ]
    for (const chain of [attend, feed]) {
      const block = residual(tape, stream, chain)
      blocks.push(block)
      stream = block.value
    }
  }
  const final = rmsNorm(tape, stream, 'finalNorm', normEpsilon)
  const byFinal = crossEntropy(tape, final.value, rows, vocabularySize)
  let gradient = final.backward(byFinal)
  for (const block of blocks.reverse()) gradient = block.backward(gradient)
  // The gradient of a look-up is a scatter; as a product with one-hot rows it is one more fast matrix multiplication.
  tape.accumulate('embedding', tape.gemm(oneHot(graph, 'input_ids', vocabularySize), gradient, 1, 0))
  optimize(tape, parameters(architecture))
  return graph.finish()
}

/** y = x + chain(x). */
function residual(tape: Tape, input: string, chain: readonly ((x: string) => Step)[]): Step {
  const steps: Step[] = []
  let inner = input
  for (const make of chain) {
    const step = make(inner)
    steps.push(step)
    inner = step.value
  }
  return {
    value: tape.add(input, inner),
    backward(gradient) {
      const byInner = steps.reduceRight((flowing, step) => step.backward(flowing), gradient)
      return tape.add(gradient, byInner)
    },
  }
}

/** Weighted cross-entropy through the tied embedding: output `loss`; returns ∂loss/∂hidden. */
function crossEntropy(tape: Tape, hidden: string, rows: number, vocabularySize: number): string {
  const { graph } = tape
  graph.input('targets', INT64, [rows])
  graph.input('token_weights', FLOAT, [rows, 1])
  graph.output('loss', FLOAT, [])
  const logits = tape.gemm(hidden, 'embedding', 0, 1)
  const logProbs = graph.node('LogSoftmax', [logits], { attributes: { axis: -1 } })
  const wanted = oneHot(graph, 'targets', vocabularySize)
  const shares = graph.node('Div', ['token_weights', tape.reduce('ReduceSum', 'token_weights')])
  const gained = tape.reduce('ReduceSum', tape.multiply(tape.multiply(logProbs, wanted), shares))
  graph.node('Neg', [gained], { outputs: ['loss'] })
  const byLogits = tape.multiply(tape.subtract(graph.node('Exp', [logProbs]), wanted), shares)
  tape.accumulate('embedding', tape.gemm(byLogits, hidden, 1, 0))
  return tape.gemm(byLogits, 'embedding')
}

function oneHot(graph: OnnxGraph, ids: string, size: number): string {
  return graph.node('OneHot', [ids, graph.integer(size), 'off_and_on'], { attributes: { axis: -1 } })
}
