import { normalize, sum } from './number.ts'
import type { Sparse } from './sparse.ts'

/** For each column the score that stake of more than `majority` gives it at least. Rows without stake have no say. */
export function weightedMedianColumns(
  stake: Float64Array,
  scores: Sparse,
  columns: number,
  majority: number,
): Float64Array {
  const voters = Int32Array.from(stake.keys()).filter((i) => stake[i]! > 0)
  const votes = normalize(Float64Array.from(voters, (i) => stake[i]!))
  const ballots = byColumn(scores, voters, columns)
  const minority = sum(votes) - majority
  const median = medianFinder(votes, minority)
  const column = new Float64Array(voters.length)
  const result = new Float64Array(columns)
  for (let j = 0; j < columns; j++) {
    // A column without ballots has a median of 0 whatever the stake.
    if (ballots.starts[j] === ballots.starts[j + 1]) continue
    column.fill(0)
    for (let cell = ballots.starts[j]!; cell < ballots.starts[j + 1]!; cell++) {
      column[ballots.voters[cell]!] = ballots.values[cell]!
    }
    result[j] = median(column)
  }
  return result
}

/** The cells of the voters' rows, sorted by column; voters are named by their place among voters. */
function byColumn({ starts, columns, values }: Sparse, voters: Int32Array, size: number) {
  const ends = new Int32Array(size + 1)
  for (const i of voters) {
    for (let cell = starts[i]!; cell < starts[i + 1]!; cell++) ends[columns[cell]! + 1]!++
  }
  for (let j = 0; j < size; j++) ends[j + 1]! += ends[j]!
  const next = ends.slice()
  const sorted = { starts: ends, voters: new Int32Array(ends[size]!), values: new Float64Array(ends[size]!) }
  voters.forEach((i, voter) => {
    for (let cell = starts[i]!; cell < starts[i + 1]!; cell++) {
      const place = next[columns[cell]!]!++
      sorted.voters[place] = voter
      sorted.values[place] = values[cell]!
    }
  })
  return sorted
}

/**
 * Finds the score at which stake, added up by rising score, passes `minority`. Halves the candidates around the one in
 * the middle, as `reference/median.ts` does, without an allocation a step.
 */
export function medianFinder(stake: Float64Array, minority: number) {
  const total = sum(stake)
  let candidates = new Int32Array(stake.length)
  let lower = new Int32Array(stake.length)
  let upper = new Int32Array(stake.length)
  return (score: Float64Array): number => {
    for (let index = 0; index < stake.length; index++) candidates[index] = index
    let count = stake.length
    let low = 0
    let high = total
    while (count > 1) {
      const pivot = score[candidates[count >> 1]!]!
      let [lowers, uppers, lowerStake, upperStake] = [0, 0, 0, 0]
      for (let k = 0; k < count; k++) {
        const index = candidates[k]!
        const value = score[index]!
        if (value < pivot) {
          lowerStake += stake[index]!
          lower[lowers++] = index
        } else if (value > pivot) {
          upperStake += stake[index]!
          upper[uppers++] = index
        }
      }
      if (minority < low + lowerStake && lowers > 0) {
        ;[candidates, lower] = [lower, candidates]
        count = lowers
        high = low + lowerStake
      } else if (high - upperStake <= minority && uppers > 0) {
        ;[candidates, upper] = [upper, candidates]
        count = uppers
        low = high - upperStake
      } else return pivot
    }
    return count === 0 ? 0 : score[candidates[0]!]!
  }
}
