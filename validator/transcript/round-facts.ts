import type { BlockHeader, Metagraph } from '../../shared/chain/chain-client.ts'
import type { VrfResult } from '../../shared/chain/wallet/signer.ts'
import type { ShapeRules } from '../../shared/chain/weight-rules/shape-weights.ts'
import type { ModelInfo } from '../../shared/inference/engine.ts'
import type { MinerRow } from '../../shared/proof/miner-row.ts'
import type { RoundConfig } from '../config.ts'
import type { Anchored } from '../round/anchor.ts'
import type { Beacon } from '../round/beacon.ts'
import type { Ranking } from '../round/rank-answers.ts'
import type { Attempt, AuditedAnswer, JudgedField, Participant, PlannedChallenge } from '../round/types.ts'
import type { ScoringConfig } from '../scoring/config.ts'
import type { RoundOutcome } from '../scoring/outcome.ts'
import type { ScoreBook } from '../scoring/score-book.ts'
import type { ScoreParts } from '../scoring/score-parts.ts'
import type { PreviousRecord } from './records.ts'

/** A subnet as a round takes it. */
export interface RoundSubnet {
  readonly metagraph: Metagraph
  readonly rules: Pick<ShapeRules, 'minAllowedWeights' | 'maxWeightLimit'>
}

/** Everything that a round went by and came to: what its phases return, gathered for publication. */
export interface RoundFacts {
  readonly round: number
  /** Marker of the chain. */
  readonly chainMarker: string
  /** ss58 */
  readonly validator: string
  /** The block that opened the round. */
  readonly opened: BlockHeader
  readonly config: { readonly round: RoundConfig; readonly scoring: ScoringConfig }
  readonly subnet: RoundSubnet
  /** Every model that this validator verifies, with the SHA-256 of its whitening where hidden states are compared. */
  readonly models: readonly {
    readonly model: ModelInfo
    readonly whitening: string | null
    /** SHA-256 of the calibration of the one that answers are hashed by. */
    readonly similarity: string | null
  }[]
  readonly previous: PreviousRecord | undefined
  /** As it was before the round. */
  readonly book: ScoreBook
  /** Decides which of the candidates take part. */
  readonly draw: VrfResult
  /** Everybody who could be asked. */
  readonly candidates: readonly Participant[]
  /** Those drawn, in the order of the candidates. */
  readonly participants: readonly Participant[]
  readonly challenges: readonly PlannedChallenge[]
  /** One an answerer of each challenge. */
  readonly attempts: readonly Attempt[]
  /** In the order of the attempts. */
  readonly audited: readonly AuditedAnswer[]
  readonly anchored: Anchored
  /** SCALE, from the round's block to the one right after the anchor's. */
  readonly headers: readonly Uint8Array[]
  readonly beacon: Beacon
  readonly fields: readonly JudgedField[]
  readonly controls: { readonly lot: VrfResult; readonly passed: boolean }
  readonly ranking: Ranking
  readonly outcome: RoundOutcome
  readonly bookAfter: ScoreBook
  /** Of everybody who is registered. */
  readonly scores: Readonly<Record<string, ScoreParts>>
  readonly rows: readonly MinerRow[]
  /** Over the rows, 32 bytes, and the validator's signature over it. */
  readonly rowsRoot: Uint8Array
  readonly rowsSignature: Uint8Array
}
