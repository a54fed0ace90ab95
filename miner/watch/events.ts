import type { MinerRow } from '../../shared/proof/miner-row.ts'
import type { OnFrame } from '../../shared/protocol/axon.ts'
import type { RequestType } from '../../shared/protocol/messages.ts'

/** A request that a validator made, and what it got. */
export interface HandledRequest {
  readonly type: RequestType
  /** `answered`, or one of `REFUSAL_CODES`. */
  readonly result: string
  readonly seconds: number
}

/** What a miner tells whoever watches it. Each is called in passing: it must be quick, and must not throw. */
export interface MinerEvents {
  onRequest(handled: HandledRequest): void
  /** An answer was written. */
  onAnswer(tokens: number, seconds: number): void
  /** A validator proved what it settled for this miner. */
  onRow(validator: string, round: number, row: MinerRow): void
  /** A receipt could not be kept; undefined once one can again. */
  onTrouble(error: unknown): void
  readonly onFrame: OnFrame
}
