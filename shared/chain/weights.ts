import { StarlingError } from '../process/errors.ts'
import type { UidWeights } from './chain-client.ts'

const U16_MAX = 65_535

/**
 * Scores as the u16 weights that `set_weights` takes: divided by the greatest, times 65535, rounded half to even. These
 * are the numbers that Bittensor's SDK makes (`convert_weights_and_uids_for_emit`, Python's `round`), so equal scores give
 * equal weights whichever client sets them. Entries that round to zero are left out; without a positive score both lists
 * are empty.
 *
 * Throws `WEIGHTS_INVALID` for a negative or non-finite score, or a uid that is not a u16 or is there twice.
 */
export function weightsFromScores(scores: Iterable<{ uid: number; score: number }>): UidWeights {
  const sorted = [...scores].sort((a, b) => a.uid - b.uid)
  sorted.forEach(({ uid, score }, i) => {
    if (!Number.isInteger(uid) || uid < 0 || uid > U16_MAX) throw invalid(`uid ${uid} is not a u16`)
    if (sorted[i - 1]?.uid === uid) throw invalid(`uid ${uid} is there twice`)
    if (!Number.isFinite(score) || score < 0) throw invalid(`score ${score} of uid ${uid} is not a score`)
  })
  const greatest = sorted.reduce((max, { score }) => Math.max(max, score), 0)
  const uids: number[] = []
  const weights: number[] = []
  for (const { uid, score } of sorted) {
    const weight = greatest === 0 ? 0 : roundHalfEven((score / greatest) * U16_MAX)
    if (weight === 0) continue
    uids.push(uid)
    weights.push(weight)
  }
  return { uids, weights }
}

/** Rounds to the nearest integer, and a half to the even one. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const part = value - floor
  if (part !== 0.5) return part < 0.5 ? floor : floor + 1
  return floor % 2 === 0 ? floor : floor + 1
}

function invalid(message: string): StarlingError {
  return new StarlingError('WEIGHTS_INVALID', message)
}
