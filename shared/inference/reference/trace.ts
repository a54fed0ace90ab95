import type { Weights } from '../model/weights.ts'
import type { Evaluate } from './evaluate.ts'
import { type Sources, wire } from './inputs.ts'
import {
  blockCount,
  chunkCount,
  type Plan,
  positionsOf,
  type Step,
  stepName,
  stepsOf,
  tileWidths,
} from './plan.ts'
import { readWeightTile } from './weight-tiles.ts'

/** One value that both sides take as given, in place of what they compute. */
export interface Pin {
  readonly step: Step
  /** Index within the tile, row-major. */
  readonly element: number
  /** A float32. */
  readonly value: number
}

/** Everything that a reference run computed. */
export interface Trace {
  readonly plan: Plan
  /** Float32, row-major; @throws RangeError where the plan has no such step */
  tile(step: Step): Float32Array
}

/**
 * Runs the model in the reference class: tile by tile, each operator in double precision and its result rounded to float32.
 * A run of 512 tokens of `base` holds 92 MB.
 */
export async function runTrace(
  plan: Plan,
  weights: Weights,
  evaluate: Evaluate,
  pins: readonly Pin[] = [],
): Promise<Trace> {
  const tiles = new Map<string, Float32Array>()
  const tile = (step: Step) => {
    const values = tiles.get(stepName(step))
    if (values === undefined) throw new RangeError(`no ${stepName(step)} in this trace`)
    return values
  }
  const weightCache = new Map<number, Float32Array>()
  const sources: Sources = {
    tile,
    weights(wanted) {
      const cached = weightCache.get(wanted.index) ?? readWeightTile(plan.architecture, weights, wanted)
      weightCache.set(wanted.index, cached)
      return cached
    },
  }
  const wiring = wire(plan)
  for (const step of stepsOf(plan)) {
    const values = rounded(await evaluate(wiring.inputs(step, sources)))
    const name = stepName(step)
    for (const pin of pins) if (stepName(pin.step) === name) values[pin.element] = pin.value
    tiles.set(name, values)
  }
  return { plan, tile }
}

// A sum of zeros has the sign that its order gives it, so zero is written without one.
function rounded(exact: Float64Array): Float32Array {
  const values = new Float32Array(exact)
  for (let i = 0; i < values.length; i++) values[i] = values[i]! + 0
  return values
}

/** The logits of every position, tokens × vocabulary, row-major: what a replay of the answer is decided on. */
export function traceLogits({ plan, tile }: Trace): Float32Array {
  const { vocabularySize } = plan.architecture
  const logits = new Float32Array(plan.tokens.length * vocabularySize)
  for (let chunk = 0; chunk < chunkCount(plan); chunk++) {
    const { first, count } = positionsOf(plan, chunk)
    let column = 0
    for (const [index, width] of tileWidths(plan, chunk, 'logits').entries()) {
      const values = tile({ chunk, block: blockCount(plan) - 1, operator: 'logits', tile: index })
      for (let i = 0; i < count; i++)
        logits.set(values.subarray(i * width, (i + 1) * width), (first + i) * vocabularySize + column)
      column += width
    }
  }
  return logits
}
