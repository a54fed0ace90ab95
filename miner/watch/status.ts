import type { ModelInfo } from '../../shared/inference/engine.ts'
import type { Reason } from '../../shared/process/health/reason.ts'
import type { MinerRow } from '../../shared/proof/miner-row.ts'
import type { Pay } from './readiness.ts'

/** What `/status.json` of a miner holds, and `miner status` reads. Seconds unless the name says otherwise; null is not known yet. */
export interface MinerStatus {
  readonly program: 'miner'
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
  readonly model: Pick<ModelInfo, 'name' | 'hash' | 'executionClass' | 'level'>
  /** Where validators dial; null for a miner that dials them. */
  readonly axon: { readonly ip: string; readonly port: number } | null
  readonly sessions: number
  readonly engine: {
    readonly alive: boolean
    readonly restarts: number
    readonly queue: number | null
    readonly active: number | null
  }
  /** Since the start. */
  readonly requests: { readonly answered: number; readonly refused: number }
  readonly tokens: { readonly total: number; readonly perSecond: number }
  readonly pay: Pay | null
  readonly unsaved: string | null
  /** The newest of each validator, the newest first. */
  readonly receipts: readonly ReceiptStatus[]
}

export interface ReceiptStatus extends MinerRow {
  readonly validator: string
  /** Null for a validator that left. */
  readonly validatorUid: number | null
  readonly round: number
}
