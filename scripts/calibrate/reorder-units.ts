import { type Architecture, parameters } from '../../shared/inference/model/architecture.ts'
import { tensorOf, type Weights } from '../../shared/inference/model/weights.ts'

/** Units that stay together: of two, and of one, multiples of them are the blocks that packed weights share a scale in. */
const TOGETHER = 64

/**
 * The same model with the units of its feed-forward layers in another order: it computes the same but for the order in which sums are
 * taken, which is how another processor’s kernels differ. An honest prover as it might run elsewhere, where there is only one
 * machine to measure on.
 */
export function reorderUnits(architecture: Architecture, weights: Weights): Weights {
  const order = reversedBlocks(architecture.feedForward)
  const reordered = new Map(weights)
  for (const { name, shape } of parameters(architecture)) {
    const [inputs = 0, outputs = 0] = shape
    const values = tensorOf(weights, name)
    if (name.endsWith('.gateUp')) {
      // Gates first, then what they are multiplied with.
      const columns = [...order, ...order.map((unit) => unit + order.length)]
      reordered.set(
        name,
        values.map((_, at) => values[at - (at % outputs) + columns[at % outputs]!]!),
      )
    }
    if (name.endsWith('.down')) {
      const rows = Array.from({ length: inputs }, (_, row) => order[row]! * outputs)
      reordered.set(
        name,
        values.map((_, at) => values[rows[Math.floor(at / outputs)]! + (at % outputs)]!),
      )
    }
  }
  return reordered
}

/** Whole blocks from the last to the first, then what is left over. */
function reversedBlocks(units: number): number[] {
  const blocks = Math.floor(units / TOGETHER)
  return Array.from({ length: units }, (_, unit) => {
    const block = Math.floor(unit / TOGETHER)
    return block < blocks ? (blocks - 1 - block) * TOGETHER + (unit % TOGETHER) : unit
  })
}
