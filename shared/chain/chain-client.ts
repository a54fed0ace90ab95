import type { Signer } from './wallet/signer.ts'

/**
 * The port through which miner and validator see the chain. Plain data only: ss58 strings, numbers, and bigint for
 * amounts in rao (1 TAO = 1e9 rao). Every call has a deadline and fails with a StarlingError:
 *
 * - `CHAIN_TIMEOUT`      no answer within the deadline
 * - `CHAIN_UNREACHABLE`  no connection, and no endpoint that gives one
 * - `CHAIN_NODE_ERROR`   the node answered with an error, for example for a block that it does not have
 * - `CHAIN_WRONG`        another chain than the operator expects
 * - `CHAIN_INCOMPATIBLE` the runtime's metadata differs from what this client was written against
 * - `CHAIN_CLOSED`       the client was closed
 * - `CHAIN_ARGUMENT_INVALID` a value that the chain's types cannot hold
 * - `CHAIN_REJECTED`     a transaction is in no block and never will be, where no narrower code fits
 * - `CHAIN_OUTCOME_UNKNOWN` a transaction was sent, and may still get into a block
 * - `CHAIN_HEADER_WRONG`, `CHAIN_BLOCK_WRONG` a node gave another header, or other transactions, than those of a block
 * - `CHAIN_SUBNET_UNKNOWN` no subnet with that netuid
 * - `CHAIN_<ERROR>`      a dispatch error, named after the runtime's, for example `CHAIN_SETTING_WEIGHTS_TOO_FAST`
 */
export interface ChainClient {
  /** What the chain says of itself; read once at connection and again after a runtime upgrade. */
  info(): ChainInfo
  /** The newest finalized block. */
  head(): Promise<BlockHeader>
  /** Hash of block `number`; fails with `CHAIN_BLOCK_UNKNOWN` when that block does not exist yet. */
  blockHash(number: number): Promise<string>
  /**
   * Calls the listener for every finalized block from now on, in order and once; blocks missed while the socket was down
   * are not replayed. Returns the function that ends the subscription.
   */
  onBlock(listener: (header: BlockHeader) => void): () => void
  /** All neurons of a subnet, in uid order, as of one block (the newest finalized unless `at`, a block hash, is given). */
  metagraph(netuid: number, at?: string): Promise<Metagraph>
  hyperparameters(netuid: number): Promise<Hyperparameters>
  /** Where a subnet stands between two epochs, as of the newest finalized block: what reveal rounds are predicted from. */
  epochSchedule(netuid: number): Promise<EpochSchedule>
  /** A neuron's weights on chain; empty where it set none. */
  weights(args: { netuid: number; uid: number; mechanism?: number }): Promise<UidWeights>
  /** A hotkey's commits that the chain still holds, oldest first: not revealed yet, and not expired at the last epoch. */
  weightCommits(args: {
    netuid: number
    hotkey: string
    mechanism?: number
  }): Promise<readonly WeightCommit[]>
  /**
   * When a block was made by its author's clock, in milliseconds since 1970: the newest finalized unless `at`, a hash, is given.
   * Undefined where the chain tells no time.
   */
  timestamp(at?: string): Promise<number | undefined>
  /** Free balance of an account in rao. */
  balance(address: string): Promise<bigint>
  /** A block's header in SCALE: blake2b-256 of it is the hash. Fails with `CHAIN_HEADER_WRONG` where a node gives another. */
  headerBytes(blockHash: string): Promise<Uint8Array>
  /**
   * What a hotkey committed last on a subnet, and in which block, as of one block (the newest finalized unless `at`, a block hash, is
   * given); undefined where that is not one field of plain bytes.
   */
  commitmentOf(netuid: number, hotkey: string, at?: string): Promise<Commitment | undefined>

  /** Signed by the validator's hotkey. */
  setWeights(signer: Signer, args: SetWeightsArgs): Promise<Receipt>
  /** Signed by the validator's hotkey; the weights themselves follow with {@link revealWeights}. */
  commitWeights(signer: Signer, args: CommitWeightsArgs): Promise<Receipt>
  /** Signed by the validator's hotkey; one epoch's worth of commits can be revealed `revealPeriodEpochs` after it. */
  revealWeights(signer: Signer, args: RevealWeightsArgs): Promise<Receipt>
  /** Signed by the validator's hotkey; the chain opens the commit by itself once drand's round is out. */
  commitTimelockedWeights(signer: Signer, args: CommitTimelockedWeightsArgs): Promise<Receipt>
  /**
   * Commits `data` (at most 128 bytes) on a subnet, signed by the validator's hotkey, and proves that it is in a block. What
   * the hotkey committed before is replaced. Where `signal` ends the waiting, the transaction may still get into a block.
   */
  anchor(signer: Signer, netuid: number, data: Uint8Array, signal?: AbortSignal): Promise<AnchorReceipt>
  /** Signed by the miner's hotkey. */
  serveAxon(signer: Signer, args: ServeAxonArgs): Promise<Receipt>
  /** Signed by the coldkey that pays the burn and owns the hotkey. */
  burnedRegister(signer: Signer, args: { netuid: number; hotkey: string }): Promise<Receipt>
  /** As {@link burnedRegister}, but fails with `CHAIN_REGISTRATION_PRICE_LIMIT_EXCEEDED` above `maxPrice` rao. */
  registerLimit(signer: Signer, args: RegisterLimitArgs): Promise<Receipt>
  /** A call as this chain encodes it, to be looked at or signed elsewhere; nothing is sent. */
  unsignedCall<K extends keyof UnsignedCalls>(kind: K, args: UnsignedCalls[K]): Promise<UnsignedCall>
  /** Signed by the coldkey; `amount` in rao. */
  addStake(signer: Signer, args: StakeArgs): Promise<Receipt>
  /** Signed by the coldkey; `amount` in rao. */
  removeStake(signer: Signer, args: StakeArgs): Promise<Receipt>
  /** `amount` in rao. */
  transfer(signer: Signer, args: { to: string; amount: bigint }): Promise<Receipt>
  /** Signed by the coldkey that will own the subnet; resolves with the new subnet's netuid. */
  registerNetwork(signer: Signer, args: { hotkey: string }): Promise<Receipt & { netuid: number }>

  /**
   * Why this client writes nothing, when a runtime upgrade (or another chain behind an endpoint) changed a call that it uses;
   * undefined while it may write. Reads go on. Writes fail with `CHAIN_INCOMPATIBLE` and this text.
   */
  writesStopped(): string | undefined

  /** Ends subscriptions and the connection. Calls under way fail with `CHAIN_CLOSED`. Safe to call twice. */
  close(): Promise<void>
}

/** Hyperparameters that root alone may set; for devnets, where a well-known key holds root. */
export interface ChainAdmin {
  /** Sets the given hyperparameters of a subnet through sudo, one transaction each, sent all at once. */
  setHyperparameters(
    signer: Signer,
    netuid: number,
    values: Partial<AdminHyperparameters>,
  ): Promise<readonly Receipt[]>
}

export interface ChainInfo {
  specName: string
  specVersion: number
  /** 0x + 64 hex. Not unique on an embedded devnet: use `marker`. */
  genesisHash: string
  /** Identifies this chain among all others (0x + 64 hex); goes into challenge ids. */
  marker: string
  /** What its node says it is: `Development`, `Local`, `Live`, or another word; undefined where it does not say. */
  chainType?: string | undefined
}

export interface BlockHeader {
  number: number
  /** 0x + 64 hex */
  hash: string
}

/** What an address on chain leads to; both are absent for a plain axon. */
export interface AxonMarks {
  /** TLS is spoken there (wss). */
  tls?: true | undefined
  /** It is a validator's gate, which miners dial, and no axon. */
  gate?: true | undefined
}

/** Where a neuron listens, and how, as it stands on chain. */
export interface AxonAddress extends AxonMarks {
  ip: string
  port: number
}

/** One registered hotkey. u16 values are shares of 65535. */
export interface Neuron {
  uid: number
  hotkey: string
  coldkey: string
  /**
   * Where the neuron listens; undefined when it has not served an axon. May be a private address: check before dialling.
   * `servedAt` is the block of its last change, from which the serving rate limit counts.
   */
  axon: (AxonAddress & { servedAt?: number }) | undefined
  active: boolean
  validatorPermit: boolean
  /** rao */
  stake: bigint
  /** Block of the last weights (or registration). */
  lastUpdate: number
  /** Block of registration. */
  registeredAt: number
  /** u16 */
  incentive: number
  /** u16 */
  dividends: number
  /** u16 */
  consensus: number
  /** u16 */
  validatorTrust: number
  /** rao paid at the last epoch */
  emission: bigint
}

export interface Metagraph {
  netuid: number
  /** The block that everything here was read at. */
  block: number
  /** Blocks between epochs. */
  tempo: number
  lastEpochBlock: number
  /** Number of epochs run so far. */
  epochIndex: number
  /** Hotkey of the subnet's owner, which needs neither permit nor stake to set weights; it may have no neuron. */
  ownerHotkey?: string | undefined
  /** In uid order: `neurons[uid].uid === uid`. */
  neurons: readonly Neuron[]
}

export interface Hyperparameters {
  /** Blocks between epochs. */
  tempo: number
  /** Blocks that must pass between two set_weights of one hotkey. */
  weightsRateLimit: number
  minAllowedWeights: number
  /** u16; 65535 is no limit. */
  maxWeightLimit: number
  versionKey: bigint
  /** True when plain set_weights is refused. */
  commitReveal: boolean
  /** How the chain takes commits: opened by their author's reveal, or by drand. */
  commitScheme: 'hash' | 'timelocked'
  /** `commit_reveal_version` of a timelocked commit; 0 where the chain has none. */
  commitRevealVersion: number
  /** Epochs between a commit and its reveal. */
  revealPeriodEpochs: number
  /** Stake below which a hotkey may not set weights, in rao. */
  stakeThreshold: bigint
  /** Number of incentive mechanisms; they are numbered from 0. */
  mechanisms: number
  /** u16 share of stake that fixes the consensus. */
  kappa: number
  /** Blocks during which a fresh neuron is not pruned. */
  immunityPeriod: number
  /** Blocks after which a validator that set no weights counts as inactive. */
  activityCutoff: number
  maxAllowedUids: number
  maxAllowedValidators: number
  /** Blocks between two serve_axon of one hotkey. */
  servingRateLimit: number
  /** What a bond keeps of itself at each epoch, in millionths. */
  bondsMovingAverage: number
  /** u16: how far weights above consensus are cut for bonds. */
  bondsPenalty: number
  /** True for Yuma 3, false for Yuma 2. */
  yuma3: boolean
  /** True when Yuma 3 moves bonds faster the further a weight is from consensus, between alphaLow and alphaHigh. */
  liquidAlpha: boolean
  /** u16 */
  alphaLow: number
  /** u16 */
  alphaHigh: number
  /** Steepness of liquid alpha's sigmoid, in hundredths. */
  alphaSigmoidSteepness: number
  /** Cost of a registration now, in rao. */
  burn: bigint
}

export type AdminHyperparameters = Pick<
  Hyperparameters,
  | 'tempo'
  | 'weightsRateLimit'
  | 'minAllowedWeights'
  | 'maxWeightLimit'
  | 'versionKey'
  | 'commitReveal'
  | 'kappa'
  | 'immunityPeriod'
  | 'activityCutoff'
  | 'maxAllowedUids'
  | 'maxAllowedValidators'
  | 'servingRateLimit'
  | 'revealPeriodEpochs'
  | 'bondsMovingAverage'
  | 'bondsPenalty'
  | 'yuma3'
  | 'liquidAlpha'
  | 'alphaLow'
  | 'alphaHigh'
  | 'alphaSigmoidSteepness'
> & {
  /** Neurons past immunity that a full subnet keeps: with no more of them than that, nobody is pruned. */
  minNonImmuneUids: number
}

/** The state of `should_run_epoch`: an epoch is due `tempo` blocks after the last, at `pendingEpochAt`, or when long overdue. */
export interface EpochSchedule {
  /** The block that all of this was read at. */
  block: number
  /** Blocks between epochs; 0 stops them. */
  tempo: number
  lastEpochBlock: number
  /** Block of an epoch that the owner asked for; 0 for none. */
  pendingEpochAt: number
  /** Epochs so far. */
  epochIndex: number
  blocksSinceLastStep: number
}

/** Weights on a neuron's row. */
export interface UidWeights {
  /** Ascending and unique. */
  uids: readonly number[]
  /** u16 */
  weights: readonly number[]
}

/** A commit that the chain holds. */
export interface WeightCommit {
  /** blake2b-256 of what was committed, or of the timelocked bytes; 0x + 64 hex. */
  hash: string
  /** Block that it is in. */
  block: number
  /** Index of the epoch that it was made in. */
  epoch: number
  /** drand round that opens it; undefined for a hash commit. */
  revealRound: number | undefined
}

/** Bytes that a hotkey committed through the `Commitments` pallet. */
export interface Commitment {
  /** Block that the commitment was made in. */
  block: number
  data: Uint8Array
}

/**
 * A commitment's transaction, and the proof that it is in a block: what `verifyAnchorProof` reads, with no node to ask. That
 * the block is the chain's is for whoever reads it to compare.
 */
export interface AnchorReceipt {
  block: number
  /** blake2b-256 of `header`; 0x + 64 hex. */
  blockHash: string
  /** The block's header in SCALE. */
  header: Uint8Array
  /** Place of the transaction in its block. */
  index: number
  /** The signed transaction as the block has it, with its length in front. */
  extrinsic: Uint8Array
  /** Nodes of the trie under the header's `extrinsicsRoot`, from the root down to the transaction's leaf. */
  proof: Uint8Array[]
}

export interface SetWeightsArgs {
  netuid: number
  /** Incentive mechanism; 0 unless given. */
  mechanism?: number
  /** Sorted and unique; same length as `weights`. */
  uids: readonly number[]
  /** u16 */
  weights: readonly number[]
  versionKey: bigint
}

export interface CommitWeightsArgs {
  netuid: number
  mechanism?: number
  /** `weightsCommitHash`: 0x + 64 hex. */
  commitHash: string
}

/** Exactly what was committed; the chain hashes it again. */
export interface RevealWeightsArgs extends SetWeightsArgs {
  /** u16 */
  salt: readonly number[]
}

export interface CommitTimelockedWeightsArgs {
  netuid: number
  mechanism?: number
  /** `timelockedCommit`: at most 5,000 bytes. */
  commit: Uint8Array
  /** drand round that opens it. */
  revealRound: number
  /** The chain's `commitRevealVersion`. */
  version: number
}

/** The calls that can be had without sending them. */
export interface UnsignedCalls {
  setWeights: SetWeightsArgs
  commitWeights: CommitWeightsArgs
  commitTimelockedWeights: CommitTimelockedWeightsArgs
  registerLimit: RegisterLimitArgs
}

export interface UnsignedCall {
  /** `pallet.call`, as the client's library spells it. */
  name: string
  /** 0x + hex: pallet index, call index, arguments. */
  call: string
}

export interface RegisterLimitArgs {
  netuid: number
  hotkey: string
  /** rao */
  maxPrice: bigint
}

export interface ServeAxonArgs extends AxonMarks {
  netuid: number
  /** IPv4 or IPv6 text. The chain refuses 127.0.0.1; it stores 0.0.0.0, which is read back as none. */
  ip: string
  port: number
  /** u32: major*1e6 + minor*1e3 + patch */
  version: number
}

export interface StakeArgs {
  netuid: number
  hotkey: string
  amount: bigint
}

/** Proof that a transaction is in a finalized block and did not fail. */
export interface Receipt {
  /** 0x + 64 hex */
  txHash: string
  block: BlockHeader
}
