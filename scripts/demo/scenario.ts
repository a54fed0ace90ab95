/** How a miner of the demo behaves. */
export type Behaviour = 'honest' | 'weak' | 'substitute' | 'copycat' | 'faulty' | 'colluding'

/** On which pairs a colluding judge says what suits its clique: on all of them, or where it can't tell which answer is right. */
export type CliqueStrategy = 'always' | 'doubtful'

export interface MinerRole {
  readonly name: string
  readonly behaviour: Behaviour
  /** Model that it declares. */
  readonly declares: string
  /** Model that it really runs. */
  readonly runs: string
  /** How it judges, where it colludes; all that do are one clique. */
  readonly clique?: CliqueStrategy
}

export interface ValidatorRole {
  readonly name: string
  /** TAO that its coldkey stakes. */
  readonly stake: bigint
}

/** Who takes part, and at which pace. */
export interface Scenario {
  readonly miners: readonly MinerRole[]
  readonly validators: readonly ValidatorRole[]
  /** Milliseconds between blocks. */
  readonly blockMs: number
  /** Blocks between epochs. */
  readonly tempo: number
  /** Numbers of a round that differ from a real subnet's, as `validator --config` takes them. */
  readonly round: Readonly<Record<string, number>>
  /** The same of scoring. */
  readonly scoring?: Readonly<Record<string, number>>
  /** Weights go by hash commit and reveal, an epoch later, rather than plainly. */
  readonly commitReveal?: boolean
  /** Epochs that must pay miners before the run may end. */
  readonly paidEpochs: number
}

/** Whose answers the copycat passes off as its own. */
export const ACCOMPLICE = 'honest-1'

/** What `npm run demo` shows, within three minutes on two cores: two rounds in each epoch. */
export const DEMO: Scenario = {
  miners: [
    { name: ACCOMPLICE, behaviour: 'honest', declares: 'small', runs: 'small' },
    { name: 'honest-2', behaviour: 'honest', declares: 'small', runs: 'small' },
    { name: 'honest-3', behaviour: 'honest', declares: 'small', runs: 'small' },
    { name: 'weak', behaviour: 'weak', declares: 'nano', runs: 'nano' },
    { name: 'substitute', behaviour: 'substitute', declares: 'small', runs: 'nano' },
    { name: 'copycat', behaviour: 'copycat', declares: 'small', runs: 'small' },
    { name: 'faulty', behaviour: 'faulty', declares: 'small', runs: 'small' },
  ],
  validators: [
    { name: 'validator-1', stake: 1_200n },
    { name: 'validator-2', stake: 1_000n },
  ],
  blockMs: 1_000,
  tempo: 20,
  round: {
    roundBlocks: 10,
    goldPerMiner: 9,
    maxChallenges: 64,
    commitMs: 20_000,
    judgeMs: 20_000,
    revealMs: 5_000,
  },
  paidEpochs: 3,
}
