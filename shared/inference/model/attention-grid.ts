import { type Architecture, headWidth } from './architecture.ts'
import { tensorOf, type Weights } from './weights.ts'

/** Of what attention gives out, per standard deviation of a value: about as fine as the 8-bit integers that it becomes next. */
const STEPS_PER_DEVIATION = 32

/**
 * The same model with the values of attention in units of a grid, so that rounding them to whole numbers puts them on it.
 *
 * Decoding and reading differ in one place only, the sums of attention, and there in the last bits. That is enough to tip some
 * 8-bit activation over to the next integer, which is a change of a part in a thousand, and every later token sees it. Rounded to a
 * grid of fixed steps, the last bits are gone before they can tip anything, but for values right between two steps.
 *
 * A layer’s step is a power of two, so that scaling changes no other bit: what makes values is divided by it, what takes them in
 * is multiplied.
 */
export function onAttentionGrid(architecture: Architecture, weights: Weights): Weights {
  const { layers, kvHeads } = architecture
  const valueColumns = kvHeads * headWidth(architecture)
  const scaled = new Map(weights)
  for (let layer = 0; layer < layers; layer++) {
    const norm = tensorOf(weights, `layer${layer}.attentionNorm`)
    const into = tensorOf(weights, `layer${layer}.queryKeyValue`)
    const outOf = tensorOf(weights, `layer${layer}.attentionOutput`)
    const columns = into.length / norm.length
    const isValue = (index: number) => index % columns >= columns - valueColumns
    const step = gridStep(valueVariance(norm, into, isValue) / valueColumns)
    scaled.set(
      `layer${layer}.queryKeyValue`,
      into.map((weight, i) => (isValue(i) ? weight / step : weight)),
    )
    scaled.set(
      `layer${layer}.attentionOutput`,
      outOf.map((weight) => weight * step),
    )
  }
  return scaled
}

/** Sum of the variances of a layer’s values, for normed inputs that are not correlated. */
function valueVariance(norm: Float32Array, into: Float32Array, isValue: (index: number) => boolean): number {
  const columns = into.length / norm.length
  let sum = 0
  for (const [index, weight] of into.entries()) {
    if (isValue(index)) sum += (norm[Math.floor(index / columns)]! * weight) ** 2
  }
  return sum
}

/** The power of two next to √variance / STEPS_PER_DEVIATION, found by comparing, as logarithms differ between machines. */
function gridStep(variance: number): number {
  // Without values there is nothing to round.
  if (!(variance > 0)) return 1
  const wanted = variance / STEPS_PER_DEVIATION ** 2
  let step = 1
  while (step * step * 2 < wanted) step *= 2
  while (step * step > wanted * 2) step /= 2
  return step
}
