import type { OnnxGraph } from '../onnx/graph.ts'

/** A differentiable step: its value, and how a gradient of the loss by that value flows back to the input. */
export interface Step {
  readonly value: string
  /** Takes ∂loss/∂value, adds to the parameters' gradients, returns ∂loss/∂input. */
  backward(gradient: string): string
}

/** Shapes of one training batch and model; every row of a batch is one document of `sequence` tokens. */
export interface TrainingShape {
  readonly batch: number
  readonly sequence: number
  readonly heads: number
  readonly kvHeads: number
  readonly headWidth: number
}

/** Arithmetic nodes under short names, and the sums of each parameter's gradients. */
export class Tape {
  readonly graph: OnnxGraph
  readonly #gradients = new Map<string, string>()

  constructor(graph: OnnxGraph) {
    this.graph = graph
  }

  add = (a: string, b: string) => this.graph.node('Add', [a, b])
  subtract = (a: string, b: string) => this.graph.node('Sub', [a, b])
  multiply = (a: string, b: string) => this.graph.node('Mul', [a, b])

  /** op(a)·op(b) on matrices. */
  gemm(a: string, b: string, transA = 0, transB = 0): string {
    return this.graph.node('Gemm', [a, b], { attributes: { transA, transB } })
  }

  /** scale·op(a)·op(b) on stacks of matrices. */
  batchedGemm(a: string, b: string, transA: number, transB: number, scale = 1): string {
    const attributes = { transA, transB, alpha: { float: scale } }
    return this.graph.node('FusedMatMul', [a, b], { domain: 'com.microsoft', attributes })
  }

  reshape(value: string, ...shape: readonly number[]): string {
    return this.graph.node('Reshape', [value, this.graph.integers(...shape)])
  }

  /** Swaps the middle two of four axes: [batch, sequence, heads, width] and [batch, heads, sequence, width]. */
  swapHeads(value: string): string {
    return this.graph.node('Transpose', [value], { attributes: { perm: [0, 2, 1, 3] } })
  }

  concat(values: readonly string[], axis: number): string {
    return this.graph.node('Concat', values, { attributes: { axis } })
  }

  reduce(operator: 'ReduceSum' | 'ReduceMean' | 'ReduceSumSquare', value: string, axis?: number): string {
    const inputs = axis === undefined ? [value] : [value, this.graph.integers(axis)]
    const keepdims = axis === -1 ? 1 : 0
    return this.graph.node(operator, inputs, { attributes: { keepdims } })
  }

  /** Adds to the gradient of a parameter; a tied one is reached from several places. */
  accumulate(parameter: string, gradient: string): void {
    const before = this.#gradients.get(parameter)
    this.#gradients.set(parameter, before === undefined ? gradient : this.add(before, gradient))
  }

  gradient(parameter: string): string {
    const gradient = this.#gradients.get(parameter)
    if (gradient === undefined) throw new RangeError(`no gradient reached ${parameter}`)
    return gradient
  }
}

/** y = x·W. */
export function linear(tape: Tape, input: string, matrix: string): Step {
  return {
    value: tape.gemm(input, matrix),
    backward(gradient) {
      tape.accumulate(matrix, tape.gemm(input, gradient, 1, 0))
      return tape.gemm(gradient, matrix, 0, 1)
    },
  }
}

/** RMSNorm: y = x·r·w, r = 1/√(mean x² + ε). ∂x = r·(g − n·mean(g·n)) with n = x·r and g = ∂y·w. */
export function rmsNorm(tape: Tape, input: string, scale: string, epsilon: number): Step {
  const { graph } = tape
  const meanSquare = tape.reduce('ReduceMean', tape.multiply(input, input), -1)
  const root = graph.node('Sqrt', [tape.add(meanSquare, graph.scalar(epsilon))])
  const inverse = graph.node('Reciprocal', [root])
  const normed = tape.multiply(input, inverse)
  return {
    value: tape.multiply(normed, scale),
    backward(gradient) {
      tape.accumulate(scale, tape.reduce('ReduceSum', tape.multiply(gradient, normed), 0))
      const scaled = tape.multiply(gradient, scale)
      const along = tape.reduce('ReduceMean', tape.multiply(scaled, normed), -1)
      return tape.multiply(inverse, tape.subtract(scaled, tape.multiply(normed, along)))
    },
  }
}

/** y = silu(a)·b for [a, b] side by side. silu′(a) = σ(1 + a(1 − σ)). */
export function swiGlu(tape: Tape, input: string, width: number): Step {
  const { graph } = tape
  const one = graph.scalar(1)
  const [gate = '', up = ''] = graph.split(input, [width, width], 1)
  const sigmoid = graph.node('Sigmoid', [gate])
  const silu = tape.multiply(gate, sigmoid)
  return {
    value: tape.multiply(silu, up),
    backward(gradient) {
      const bySilu = tape.multiply(gradient, up)
      const slope = tape.multiply(sigmoid, tape.add(one, tape.multiply(gate, tape.subtract(one, sigmoid))))
      return tape.concat([tape.multiply(bySilu, slope), tape.multiply(gradient, silu)], 1)
    },
  }
}

/** Rotates pairs (i, i + half) of the last axis by the position's angle, or back again. */
export function rotate(tape: Tape, value: string, headWidth: number, back: boolean): string {
  const half = headWidth / 2
  const [a = '', b = ''] = tape.graph.split(value, [half, half], -1)
  const { add, subtract, multiply } = tape
  const first = back
    ? add(multiply(a, 'cos'), multiply(b, 'sin'))
    : subtract(multiply(a, 'cos'), multiply(b, 'sin'))
  const second = back
    ? subtract(multiply(b, 'cos'), multiply(a, 'sin'))
    : add(multiply(b, 'cos'), multiply(a, 'sin'))
  return tape.concat([first, second], -1)
}
