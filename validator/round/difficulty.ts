import { FAMILIES } from '../../shared/inference/tasks/families.ts'
import type { RoundConfig } from '../config.ts'

/** How often one family of questions is asked, and how large its questions are. */
export interface FamilyDraw {
  readonly name: string
  /** All of them together are 1. */
  readonly chance: number
  /** Towards larger (above 0) or smaller questions: see `sizeBelow`. */
  readonly lean: number
}

/**
 * Draws of the families that follow the swarm's ability p in each: a question tells able from unable best where half can answer it, so
 * its share goes by p(1 − p). Only `adaptiveShare` of the draw moves; the rest is even, which keeps qualities of different rounds
 * comparable and gives no family up.
 * @param abilityOf a family's, in [0, 1]
 */
export function familyDraws(
  abilityOf: (family: string) => number,
  { adaptiveShare }: Pick<RoundConfig, 'adaptiveShare'>,
): FamilyDraw[] {
  const even = 1 / FAMILIES.length
  const abilities = FAMILIES.map(({ name }) => ({ name, ability: abilityOf(name) }))
  const total = abilities.reduce((sum, { ability }) => sum + spreadOf(ability), 0)
  return abilities.map(({ name, ability }) => ({
    name,
    chance: (1 - adaptiveShare) * even + adaptiveShare * (total > 0 ? spreadOf(ability) / total : even),
    lean: adaptiveShare * (2 * ability - 1),
  }))
}

/** The draw on which `at`, in [0, 1), falls when they lie end to end. */
export function drawAt(draws: readonly FamilyDraw[], at: number): FamilyDraw {
  let end = 0
  for (const draw of draws) {
    end += draw.chance
    if (at < end) return draw
  }
  // Chances may add up to a little less than 1.
  return draws.at(-1)!
}

/** Variance of a right-or-wrong answer. */
function spreadOf(ability: number): number {
  return ability * (1 - ability)
}
