import type { Reason } from '../../shared/process/health/reason.ts'

/** What `/status.json` of a validator holds. Amounts of time in seconds unless the name says otherwise; null is not known yet. */
export interface ValidatorStatus {
  readonly program: 'validator'
  readonly version: string
  readonly hotkey: string
  readonly netuid: number
  readonly uid: number | null
  readonly upSeconds: number
  readonly ready: boolean
  readonly reasons: readonly Reason[]
  readonly chain: {
    readonly endpoint: string | null
    readonly block: number | null
    readonly headAgeSeconds: number
    readonly switches: number
  }
  readonly weights: { readonly ageBlocks: number | null; readonly limitBlocks: number | null }
  /** The last one that was settled since the start. */
  readonly round: { readonly number: number; readonly seconds: number } | null
  readonly sessions: number
  readonly engines: readonly EngineStatus[]
  readonly stateBytes: number
  readonly unsaved: string | null
  /** Everybody registered that was ever asked or can be, the best first. */
  readonly miners: readonly MinerStatus[]
}

export interface EngineStatus {
  readonly model: string
  readonly executionClass: string
  readonly alive: boolean
  readonly restarts: number
  readonly queue: number | null
  readonly active: number | null
  readonly tokensPerSecond: number | null
}

export interface MinerStatus {
  readonly uid: number
  readonly hotkey: string
  readonly hasAxon: boolean
  /** From 1; null for miners without a score. */
  readonly rank: number | null
  readonly score: number
  readonly answer: number
  readonly judge: number
  /** Highest sum of evidence; 1 is a reject. */
  readonly evidence: number
  /** Null while not connected. */
  readonly pingMs: number | null
  /** Why the score is not higher. */
  readonly reasons: readonly string[]
}
