import type { ScoreTerms } from '../../shared/proof/miner-row.ts'
import type { ScoringConfig } from './config.ts'

/** What scoring must be told about the subnet, because the book does not hold it. */
export interface ScoreContext {
  /** Every registered hotkey and the coldkey that owns it. Hotkeys that are not here get no score. */
  readonly coldkeyOf: Readonly<Record<string, string>>
  /** Hashes of the models that the subnet pays for. */
  readonly registry: readonly string[]
  readonly config: ScoringConfig
}

/** One miner's score with the parts that it is made of, all in [0, 1], and why it is not higher. */
export interface ScoreParts {
  readonly score: number
  readonly answer: number
  readonly judge: number
  /** Nats that its own gold pairs are worth; left out for a hotkey that never judged. */
  readonly trust?: number
  readonly verified: number
  readonly quality: number
  readonly speed: number
  /** How the score follows from these. */
  readonly terms: Omit<ScoreTerms, 'speed'>
  /** First round whose weights may pay it again; 0 if nothing is held against it. */
  readonly penalisedUntil: number
  /** Plain sentences for the operator's table and the miner's receipt; empty when nothing holds the score back, or is about to. */
  readonly reasons: readonly string[]
}
