/** Weights of one validator: u16 by miner. */
export type Row = readonly number[]

/** What validators got out of an epoch, in their order. */
export interface EpochPay {
  /** Dividends for each unit of stake. */
  readonly perStake: readonly number[]
  /** Share of a validator's weights that consensus confirms, in [0, 1]. */
  readonly validatorTrust: readonly number[]
}

/** A subnet that takes weights by commit-reveal, an epoch at a time: first reveals, then commits, then the epoch. */
export interface Ledger {
  /** Stakes of the validators, in any unit. */
  readonly stakes: readonly number[]
  /** Publishes the rows whose time has come; returns all that are in force, undefined for a validator without any. */
  reveal(): Promise<readonly (Row | undefined)[]>
  /** Commits a row of each validator; it can be read by others only once it is revealed. */
  commit(rows: readonly Row[]): Promise<void>
  /** Lets the epoch end. */
  settle(): Promise<EpochPay>
  /**
   * From now on bonds keep of themselves what the rules say. Until then every epoch starts them anew, so that the game begins where
   * years of play would have led.
   */
  keepBonds(): Promise<void>
  close(): Promise<void>
}
