import { StarlingError } from '../process/errors.ts'
import type { Preference } from './preference.ts'

/**
 * The pairwise preferences of a likelihood judge, who sends one number an answer (length-normalised log-probability, nats a
 * token, higher is better). A difference beyond `epsilon` decides a pair; otherwise it is a tie.
 *
 * n numbers hold n−1 contrasts, however many pairs they are spelled out as: every pair weighs 2/n, so that a field's pairs
 * add up to n−1 comparisons and neither the fit nor its errors take the repetition for evidence.
 *
 * @param scores one entry an answer, in the order of the field; null where the judge did not see or score the answer
 * @throws StarlingError JUDGE_SCORE_INVALID for a score that is not a finite number
 */
export function likelihoodPreferences(scores: readonly (number | null)[], epsilon: number): Preference[] {
  const seen = scores.flatMap((score, item) => (score === null ? [] : [{ item, score }]))
  for (const { item, score } of seen) {
    if (Number.isFinite(score)) continue
    throw new StarlingError(
      'JUDGE_SCORE_INVALID',
      `the score of answer ${item} is ${score}, not a finite number`,
      'drop this judge’s verdict for the challenge',
    )
  }
  const weight = 2 / seen.length
  return seen.flatMap((first, at) =>
    seen.slice(at + 1).map((second) => ({
      a: first.item,
      b: second.item,
      winOfA: winOf(first.score - second.score, epsilon),
      weight,
    })),
  )
}

function winOf(difference: number, epsilon: number): number {
  if (Math.abs(difference) <= epsilon) return 0.5
  return difference > 0 ? 1 : 0
}
