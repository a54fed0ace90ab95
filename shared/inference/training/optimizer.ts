import type { Parameter } from '../model/architecture.ts'
import { FLOAT } from '../onnx/graph.ts'
import type { Tape } from './layers.ts'

export const BETA1 = 0.9
export const BETA2 = 0.95
export const WEIGHT_DECAY = 0.05
const EPSILON = 1e-8
const MAX_NORM = 1

/** Suffixes of a parameter's first and second moment; `.next` marks what a step returns. */
export const STATE = ['', '.m', '.v'] as const

/**
 * Clips the global gradient norm to 1, then AdamW (Loshchilov and Hutter, 2019) on every parameter, with decay on
 * matrices only. Scalar inputs: `learning_rate`, and `correction1|2` = 1 − β^step. Output `gradient_norm` is unclipped.
 */
export function adamW(tape: Tape, parameters: readonly Parameter[]): void {
  const { graph, add, multiply } = tape
  for (const name of ['learning_rate', 'correction1', 'correction2']) graph.input(name, FLOAT, [])
  const squares = parameters.map(({ name }) => tape.reduce('ReduceSumSquare', tape.gradient(name)))
  graph.node('Sqrt', [squares.reduce((sum, square) => add(sum, square))], { outputs: ['gradient_norm'] })
  graph.output('gradient_norm', FLOAT, [])
  const room = graph.node('Div', [graph.scalar(MAX_NORM), add('gradient_norm', graph.scalar(1e-6))])
  const clip = graph.node('Min', [graph.scalar(1), room])

  for (const { name, shape } of parameters) {
    const gradient = multiply(tape.gradient(name), clip)
    const first = add(multiply(`${name}.m`, graph.scalar(BETA1)), multiply(gradient, graph.scalar(1 - BETA1)))
    const second = add(
      multiply(`${name}.v`, graph.scalar(BETA2)),
      multiply(multiply(gradient, gradient), graph.scalar(1 - BETA2)),
    )
    const root = graph.node('Sqrt', [graph.node('Div', [second, 'correction2'])])
    const mean = graph.node('Div', [first, 'correction1'])
    const adam = graph.node('Div', [mean, add(root, graph.scalar(EPSILON))])
    const update = shape.length > 1 ? add(adam, multiply(name, graph.scalar(WEIGHT_DECAY))) : adam
    graph.node('Sub', [name, multiply(update, 'learning_rate')], { outputs: [`${name}.next`] })
    graph.node('Identity', [first], { outputs: [`${name}.m.next`] })
    graph.node('Identity', [second], { outputs: [`${name}.v.next`] })
    for (const suffix of STATE) graph.output(`${name}${suffix}.next`, FLOAT, shape)
  }
}
