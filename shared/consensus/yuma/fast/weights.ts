import type { EpochInput } from '../epoch-types.ts'
import { multiply, ONE } from './number.ts'
import { fromRows, normalizeRows, type Sparse, sparseBuilder } from './sparse.ts'

/** Weights that count, as fractions of each validator's sum; see `reference/run-epoch.ts` for the rules. */
export function validWeights(input: EpochInput, forbidden: readonly boolean[]): Sparse {
  const { ownerUid, lastUpdate, blockAtRegistration, firstCommitBlock } = input
  const size = input.stake.length
  const kept = fromRows(input.weights, size, (i, j) => {
    if ((forbidden[i] ?? true) || (i === j && i !== ownerUid)) return false
    const registered = blockAtRegistration[j] ?? 0
    return (
      (lastUpdate[i] ?? 0) > registered && (firstCommitBlock[i] ?? Number.POSITIVE_INFINITY) >= registered
    )
  })
  return normalizeRows(kept)
}

/** Cuts each value to its column's limit; what is cut to zero is dropped. */
export function clipColumns({ starts, columns, values }: Sparse, limits: Float64Array): Sparse {
  const builder = sparseBuilder(starts.length - 1, values.length)
  for (let i = 0; i + 1 < starts.length; i++) {
    for (let cell = starts[i]!; cell < starts[i + 1]!; cell++) {
      const limit = limits[columns[cell]!]!
      if (values[cell]! <= limit) builder.add(columns[cell]!, values[cell]!)
      else if (limit > 0) builder.add(columns[cell]!, limit)
    }
    builder.endRow()
  }
  return builder.build()
}

/** Between weights and clipped weights: `weights + penalty · (clipped − weights)`; exact, order included, at 0 and 1. */
export function penalize(weights: Sparse, clipped: Sparse, limits: Float64Array, penalty: number): Sparse {
  if (penalty === 0) return weights
  if (penalty === ONE) return clipped
  const { starts, columns, values } = weights
  const size = limits.length
  const builder = sparseBuilder(size, values.length)
  const row = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    if (starts[i]! < starts[i + 1]!) {
      row.fill(0)
      for (let cell = starts[i]!; cell < starts[i + 1]!; cell++) {
        const value = values[cell]!
        const cut = Math.min(0, limits[columns[cell]!]! - value)
        row[columns[cell]!] = value + multiply(penalty, cut)
      }
      for (let j = 0; j < size; j++) if (row[j]! > 0) builder.add(j, row[j]!)
    }
    builder.endRow()
  }
  return builder.build()
}
