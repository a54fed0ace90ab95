import { defaultScoringConfig } from '../../../validator/scoring/config.ts'
import type { Kind } from './draws.ts'

/** What one validator has seen of each kind of miner: right and asked gold answers, older ones counting less. */
export interface Observer {
  /** Asks every miner `gold` questions of the validator's own. */
  observe(miners: readonly Kind[], gold: number): void
  /** Share of right answers by miner, pooled over the miners of its kind. */
  scores(miners: readonly Kind[]): number[]
}

/**
 * An honest validator's eyes, pooling by model and forgetting with the half-life that the scoring rules have. Its questions are its
 * own: two observers with different randomness never ask the same ones.
 */
export function createObserver(roundsAnEpoch: number, random: () => number): Observer {
  const kept = 0.5 ** (roundsAnEpoch / defaultScoringConfig.qualityHalfLife)
  const counts = new Map<string, { right: number; asked: number }>()
  return {
    observe(miners, gold) {
      for (const count of counts.values()) {
        count.right *= kept
        count.asked *= kept
      }
      for (const { name, quality } of miners) {
        const count = counts.get(name) ?? { right: 0, asked: 0 }
        counts.set(name, count)
        count.asked += gold
        for (let question = 0; question < gold; question++) if (random() < quality) count.right++
      }
    },
    scores: (miners) =>
      miners.map(({ name }) => {
        const count = counts.get(name)
        return count === undefined ? 0 : count.right / count.asked
      }),
  }
}
