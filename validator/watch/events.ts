import type { OnFrame } from '../../shared/protocol/axon.ts'
import type { AskedRequest } from '../../shared/protocol/watch-session.ts'
import type { PublicationEntry, RoundEntry } from '../store/entries.ts'

/** What a round spends its time on, in order. */
export const ROUND_PHASES = ['commit', 'anchor', 'reveal', 'audit', 'judge', 'settle'] as const
export type RoundPhase = (typeof ROUND_PHASES)[number]

/** How a round that was due ended without being settled. */
export const LOST_ROUNDS = ['empty', 'skipped', 'failed'] as const
export type LostRound = (typeof LOST_ROUNDS)[number]

/** What a validator tells whoever watches it. Each is called in passing: it must be quick, and must not throw. */
export interface ValidatorEvents {
  /** A phase of the round under way is over. */
  onPhase(phase: RoundPhase, seconds: number): void
  /** A round is settled and written down. */
  onRound(entry: RoundEntry): void
  onLostRound(how: LostRound): void
  /** Something about weights is written down. */
  onWeights(entry: PublicationEntry): void
  onAsked(asked: AskedRequest): void
  readonly onFrame: OnFrame
}
