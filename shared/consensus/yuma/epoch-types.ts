/** Cells of a matrix row: (uid, value), in any order. What is not listed is zero. */
export type Row = readonly (readonly [uid: number, value: number])[]

/** How fast a bond follows its weight under Yuma 3: a sigmoid of how far the two are apart. */
export interface LiquidAlpha {
  /** Slowest, out of 65535. */
  readonly alphaLow: number
  /** Fastest, out of 65535. */
  readonly alphaHigh: number
  /** Hundredths; may be negative. */
  readonly alphaSigmoidSteepness: number
}

/** What the chain knows about a subnet when its epoch comes. Lists have one element for each uid. */
export interface EpochInput {
  readonly block: number
  /** Blocks. */
  readonly tempo: number
  /** Block of the last epoch; 0 before the first. */
  readonly lastStep: number
  /** Blocks after its last weights for which a validator counts as active. */
  readonly activityCutoff: number
  /** Majority of stake that consensus asks for, out of 65535. */
  readonly kappa: number
  /** Out of 65535: at 0 bonds follow weights as they were set, at 65535 weights as consensus clipped them. */
  readonly bondsPenalty: number
  /** Share of a bond that stays at an epoch, in millionths. */
  readonly bondsMovingAverage: number
  readonly maxValidators: number
  /** Rao. */
  readonly stakeThreshold: bigint
  readonly ownerUid: number | undefined
  readonly yuma3: boolean
  /** Counts under Yuma 3 only. */
  readonly liquidAlpha: LiquidAlpha | undefined
  /** Rao; at most 2^63 − 1 in all. Its length is the size of the subnet. */
  readonly stake: readonly bigint[]
  /** Block at which the neuron set its weights last. */
  readonly lastUpdate: readonly number[]
  readonly blockAtRegistration: readonly number[]
  /** Block of the oldest commit that is still to be revealed; empty where commit-reveal is off. */
  readonly firstCommitBlock: readonly (number | undefined)[]
  readonly validatorPermit: readonly boolean[]
  /** Out of 65535. */
  readonly weights: readonly Row[]
  /** Out of 65535. */
  readonly bonds: readonly Row[]
  /** Rao to share out. */
  readonly emission: bigint
}

/** What an epoch finds. Lists have one element for each uid; numbers are shares out of 65535, rounded down. */
export interface EpochOutput {
  readonly active: readonly boolean[]
  readonly stakeWeight: readonly number[]
  readonly consensus: readonly number[]
  readonly incentive: readonly number[]
  readonly dividends: readonly number[]
  readonly validatorTrust: readonly number[]
  readonly validatorPermit: readonly boolean[]
  /** Rows of (uid, bond); empty without a permit. */
  readonly bonds: readonly Row[]
  /** Rao for mining. */
  readonly serverEmission: readonly bigint[]
  /** Rao for validating. */
  readonly validatorEmission: readonly bigint[]
  /** Rao for both. */
  readonly emission: readonly bigint[]
}
