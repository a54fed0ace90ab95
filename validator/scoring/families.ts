import type { ScoringConfig } from './config.ts'
import type { AnswerOutcome } from './outcome.ts'
import type { FamilyCounts, ScoreBook } from './score-book.ts'

/**
 * How likely an answer of the swarm is right on a task of this family: the posterior mean under a Beta(½, ½), over all credited gold
 * answers, whatever their models. In (0, 1); ½ for a family that was never asked.
 */
export function abilityOf({ families }: Pick<ScoreBook, 'families'>, family: string): number {
  const { asked, right } = families[family] ?? { asked: 0, right: 0 }
  return (right + 0.5) / (asked + 1)
}

/**
 * The families' counts after one more round. What is `familyHalfLife` rounds of evidence old counts half; a family that was not
 * asked keeps what it had.
 *
 * @param credited answers that count as evidence of quality; those that are not gold are left out
 */
export function addFamilies(
  before: Readonly<Record<string, FamilyCounts>>,
  credited: readonly AnswerOutcome[],
  { familyHalfLife }: ScoringConfig,
): Record<string, FamilyCounts> {
  const fresh = new Map<string, FamilyCounts>()
  for (const { family, gold, correct } of credited) {
    if (!gold || family === undefined || correct === undefined) continue
    const { asked, right } = fresh.get(family) ?? { asked: 0, right: 0 }
    fresh.set(family, { asked: asked + 1, right: right + (correct ? 1 : 0) })
  }
  const keep = 0.5 ** (1 / familyHalfLife)
  const families = { ...before }
  for (const [family, { asked, right }] of fresh) {
    const old = families[family] ?? { asked: 0, right: 0 }
    families[family] = { asked: old.asked * keep + asked, right: old.right * keep + right }
  }
  return families
}
