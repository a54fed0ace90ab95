import type { Behaviour } from './scenario.ts'

/** One epoch of the subnet, as the chain paid it. */
export interface EpochFacts {
  readonly epoch: number
  readonly block: number
  /** Rao that each hotkey's stake grew by. */
  readonly paidRao: Readonly<Record<string, bigint>>
  /** True when a miner had incentive. */
  readonly paysMiners: boolean
}

/** What the demo found out about one miner; counts are answers, over both validators. */
export interface MinerFacts {
  readonly name: string
  readonly uid: number
  readonly hotkey: string
  readonly behaviour: Behaviour
  readonly model: string
  /** Rounds that it took part in. */
  readonly rounds: number
  readonly accepted: number
  readonly rejected: number
  readonly missed: number
  readonly restarts: number
  readonly acceptedAfterRestart: number
  readonly winRate: number | null
  /** Mean over the validators. */
  readonly score: number
  /** Mean over the validators of the last u16 weights. */
  readonly weight: number
  /** u16 at the last epoch. */
  readonly incentive: number
  readonly emissionRao: bigint
  /** The newest plain sentences on why it earned no more. */
  readonly reasons: readonly string[]
}

export interface ValidatorFacts {
  readonly name: string
  readonly uid: number
  readonly hotkey: string
  /** u16 at the last epoch. */
  readonly dividends: number
  /** u16 at the last epoch. */
  readonly vtrust: number
  readonly weightsSet: number
  readonly emissionRao: bigint
}

export interface DemoFacts {
  readonly seconds: number
  readonly seed: number
  readonly chain: {
    readonly specName: string
    readonly wasmSha256: string
    readonly blocks: number
    /** Epochs that paid miners. */
    readonly epochs: number
  }
  readonly miners: readonly MinerFacts[]
  readonly validators: readonly ValidatorFacts[]
  readonly history: readonly EpochFacts[]
}

/** A fact that the demo is there to show. */
export interface Expectation {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
}
