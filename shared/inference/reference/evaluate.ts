import { InferenceSession, Tensor } from 'onnxruntime-node'
import { OnnxGraph } from '../onnx/graph.ts'
import type { StepInputs } from './inputs.ts'
import type { Matrix } from './matrix.ts'
import type { OperatorKind } from './plan.ts'

/** TensorProto.DataType */
const DOUBLE = 11

/** Computes one operator in double precision: row-major, not yet rounded. */
export type Evaluate = (inputs: StepInputs) => Promise<Float64Array>

export interface ReferenceEvaluator {
  readonly evaluate: Evaluate
  close(): Promise<void>
}

type Computed = Exclude<OperatorKind, 'gather'>

/** Names of the arguments, and the primitive nodes that make `y` of them. All are matrices of doubles. */
const GRAPHS: Readonly<Record<Computed, { inputs: readonly string[]; build: (graph: OnnxGraph) => void }>> = {
  matmul: { inputs: ['a', 'b'], build: (graph) => result(graph, 'MatMul', ['a', 'b']) },
  add: { inputs: ['a', 'b'], build: (graph) => result(graph, 'Add', ['a', 'b']) },
  'rms-norm': {
    inputs: ['whole', 'tile', 'scale', 'epsilon'],
    build(graph) {
      const squares = graph.node('Mul', ['whole', 'whole'])
      const mean = graph.node('ReduceMean', [squares, graph.integers(-1)])
      const root = graph.node('Sqrt', [graph.node('Add', [mean, 'epsilon'])])
      result(graph, 'Mul', [graph.node('Div', ['tile', root]), 'scale'])
    },
  },
  rotate: {
    inputs: ['x', 'cos', 'sin'],
    build(graph) {
      const halves = ['low', 'high']
      graph.node('Split', ['x'], { outputs: halves, attributes: { axis: -1, num_outputs: 2 } })
      const swapped = graph.node('Concat', ['high', 'low'], { attributes: { axis: -1 } })
      result(graph, 'Add', [graph.node('Mul', ['x', 'cos']), graph.node('Mul', [swapped, 'sin'])])
    },
  },
  softmax: {
    inputs: ['scores', 'scale', 'mask'],
    build(graph) {
      const masked = graph.node('Add', [graph.node('Mul', ['scores', 'scale']), 'mask'])
      graph.node('Softmax', [masked], { outputs: ['y'], attributes: { axis: -1 } })
    },
  },
  swiglu: {
    inputs: ['gate', 'up'],
    build(graph) {
      const silu = graph.node('Mul', ['gate', graph.node('Sigmoid', ['gate'])])
      result(graph, 'Mul', [silu, 'up'])
    },
  },
}

/**
 * The reference class: ONNX Runtime on the CPU, one thread, nothing fused, in double precision. The same graphs make the
 * whole run and the one operator that a referee re-runs.
 */
export async function openReferenceEvaluator(): Promise<ReferenceEvaluator> {
  const sessions = new Map<Computed, InferenceSession>()
  for (const kind of Object.keys(GRAPHS) as Computed[]) {
    sessions.set(
      kind,
      await InferenceSession.create(graphBytes(kind), {
        executionProviders: ['cpu'],
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        graphOptimizationLevel: 'disabled',
        logSeverityLevel: 3,
      }),
    )
  }
  return {
    async evaluate({ kind, matrices }) {
      // Copying needs no arithmetic.
      if (kind === 'gather') return matrices[0]!.data
      const feeds: Record<string, Tensor> = {}
      for (const [i, name] of GRAPHS[kind].inputs.entries()) feeds[name] = tensorOf(matrices[i]!)
      const { y } = await sessions.get(kind)!.run(feeds)
      return y!.data as Float64Array
    },
    async close() {
      for (const session of sessions.values()) await session.release()
    },
  }
}

function graphBytes(kind: Computed): Uint8Array {
  const graph = new OnnxGraph()
  const { inputs, build } = GRAPHS[kind]
  for (const name of inputs) graph.input(name, DOUBLE, [`${name}_rows`, `${name}_columns`])
  build(graph)
  graph.output('y', DOUBLE, ['rows', 'columns'])
  return graph.finish()
}

function result(graph: OnnxGraph, operator: string, inputs: readonly string[]): void {
  graph.node(operator, inputs, { outputs: ['y'] })
}

function tensorOf({ rows, columns, data }: Matrix): Tensor {
  return new Tensor('float64', data, [rows, columns])
}
