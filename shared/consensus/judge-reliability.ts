import type { Preference } from './preference.ts'

/** Unequal gold pairs judged rightly and wrongly, decayed; fractions come from ties and from averaged verdicts. */
export interface JudgementCounts {
  readonly right: number
  readonly wrong: number
}

/**
 * How preferences fare against the truth of a gold field. A gold pair has three truths: the first is right, the second is
 * right, or they are equal (both right or both wrong). Equal pairs say nothing about accuracy and are left out: a judge that
 * tosses a coin there is honest. A tie on an unequal pair is half right.
 *
 * @param correct whether each answer of the field is right; null where unknown (a missed or unaudited answer)
 */
export function countGoldPairs(
  preferences: readonly Preference[],
  correct: readonly (boolean | null)[],
): JudgementCounts {
  let right = 0
  let wrong = 0
  for (const { a, b, winOfA, weight } of preferences) {
    const [first, second] = [correct[a] ?? null, correct[b] ?? null]
    if (first === null || second === null || first === second) continue
    const win = first ? winOfA : 1 - winOfA
    right += weight * win
    wrong += weight * (1 - win)
  }
  return { right, wrong }
}

/** Both counts together. */
export function addCounts(one: JudgementCounts, other: JudgementCounts): JudgementCounts {
  return { right: one.right + other.right, wrong: one.wrong + other.wrong }
}

/** Old counts after one more round: what is `halfLife` rounds of evidence old counts half. Without evidence nothing decays. */
export function addJudgements(
  old: JudgementCounts,
  fresh: JudgementCounts,
  halfLife: number,
): JudgementCounts {
  if (fresh.right + fresh.wrong === 0) return old
  const keep = 0.5 ** (1 / halfLife)
  return { right: old.right * keep + fresh.right, wrong: old.wrong * keep + fresh.wrong }
}

/** Posterior mean accuracy in (0, 1) under a Beta(prior, prior): ½ for a judge of whom nothing is known. */
export function judgeAccuracy(counts: JudgementCounts, prior: number): number {
  return (counts.right + prior) / (counts.right + counts.wrong + 2 * prior)
}

/** Weight of a judge's comparisons, in nats: ln(acc/(1−acc)), the log-likelihood ratio of its verdict; 0 at or below chance. */
export function judgeWeight(accuracy: number): number {
  return accuracy > 0.5 ? Math.log(accuracy / (1 - accuracy)) : 0
}
