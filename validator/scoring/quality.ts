import type { AnswerOutcome } from './outcome.ts'
import type { QualityCounts } from './score-book.ts'

/** Counts of nothing. */
export const NO_QUALITY: QualityCounts = { gold: 0, goldRight: 0, field: 0, fieldSum: 0 }

/** Quality evidence of a set of verified answers: truth on gold, the mean win chance over the field elsewhere. */
export function countQuality(answers: readonly AnswerOutcome[]): QualityCounts {
  const gold = answers.filter((answer) => answer.gold && answer.correct !== undefined)
  const field = answers.flatMap((answer) =>
    answer.gold || answer.fieldQuality === undefined ? [] : [answer.fieldQuality],
  )
  return {
    gold: gold.length,
    goldRight: gold.filter((answer) => answer.correct).length,
    field: field.length,
    fieldSum: field.reduce((sum, quality) => sum + quality, 0),
  }
}

/** Old counts after one more round of evidence; without evidence nothing decays, so an unsampled model keeps what it had. */
export function addQuality(
  old: QualityCounts | undefined,
  fresh: QualityCounts,
  halfLife: number,
): QualityCounts {
  const before = old ?? NO_QUALITY
  if (evidence(fresh) === 0) return before
  const keep = 0.5 ** (1 / halfLife)
  return {
    gold: before.gold * keep + fresh.gold,
    goldRight: before.goldRight * keep + fresh.goldRight,
    field: before.field * keep + fresh.field,
    fieldSum: before.fieldSum * keep + fresh.fieldSum,
  }
}

/** How many answers, after decay, the counts rest on. */
export function evidence(counts: QualityCounts): number {
  return counts.gold + counts.field
}

/** Mean quality in [0, 1] over all counted answers; 0 without evidence. */
export function meanQuality(counts: QualityCounts): number {
  const answers = evidence(counts)
  return answers === 0 ? 0 : Math.min(1, (counts.goldRight + counts.fieldSum) / answers)
}
