import type { Hyperparameters, UidWeights } from '../chain-client.ts'

/** Everything that decides whether the chain takes a validator's weights. */
export interface WeightFacts extends UidWeights {
  netuid: number
  /** Incentive mechanism, from 0. */
  mechanism: number
  /** The newest block that is known; the call lands in the next at the earliest. */
  block: number
  /** What `version_key` will be. */
  versionKey: bigint
  /** undefined where the chain has no such subnet. */
  subnet: SubnetFacts | undefined
}

export interface SubnetFacts {
  /** Neurons on the subnet; uids are below it. */
  neurons: number
  /** The validator's own neuron; undefined when its hotkey is not registered. */
  self: SelfFacts | undefined
  /** Uid of the owner's hotkey, which needs neither permit nor stake; undefined when it has none, or is not known. */
  ownerUid: number | undefined
  /** Commits of this hotkey that count against the chain's limit. */
  unrevealedCommits: number
  rules: Pick<
    Hyperparameters,
    | 'commitReveal'
    | 'commitScheme'
    | 'commitRevealVersion'
    | 'maxWeightLimit'
    | 'mechanisms'
    | 'minAllowedWeights'
    | 'stakeThreshold'
    | 'versionKey'
    | 'weightsRateLimit'
  >
}

export interface SelfFacts {
  uid: number
  /** rao */
  stake: bigint
  validatorPermit: boolean
  /** Block of the last weights or commit (or registration) in this mechanism; 0 for never. */
  lastUpdate: number
}
