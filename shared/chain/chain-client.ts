import type { Signer } from './wallet/signer.ts'

/**
 * The port through which miner and validator see the chain. Plain data only: ss58 strings, numbers, and bigint for
 * amounts in rao (1 TAO = 1e9 rao). Every call has a deadline and fails with a StarlingError:
 *
 * - `CHAIN_TIMEOUT`      no answer within the deadline
 * - `CHAIN_UNREACHABLE`  no connection
 * - `CHAIN_WRONG`        another chain than the operator expects
 * - `CHAIN_INCOMPATIBLE` the runtime's metadata differs from what this client was written against
 * - `CHAIN_CLOSED`       the client was closed
 * - `CHAIN_REJECTED`     the transaction pool refused a transaction, where no narrower code fits
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
  /** Free balance of an account in rao. */
  balance(address: string): Promise<bigint>

  /** Signed by the validator's hotkey. */
  setWeights(signer: Signer, args: SetWeightsArgs): Promise<Receipt>
  /** Signed by the miner's hotkey. */
  serveAxon(signer: Signer, args: ServeAxonArgs): Promise<Receipt>
  /** Signed by the coldkey that pays the burn and owns the hotkey. */
  burnedRegister(signer: Signer, args: { netuid: number; hotkey: string }): Promise<Receipt>
  /** Signed by the coldkey; `amount` in rao. */
  addStake(signer: Signer, args: StakeArgs): Promise<Receipt>
  /** Signed by the coldkey; `amount` in rao. */
  removeStake(signer: Signer, args: StakeArgs): Promise<Receipt>
  /** `amount` in rao. */
  transfer(signer: Signer, args: { to: string; amount: bigint }): Promise<Receipt>
  /** Signed by the coldkey that will own the subnet; resolves with the new subnet's netuid. */
  registerNetwork(signer: Signer, args: { hotkey: string }): Promise<Receipt & { netuid: number }>

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
}

export interface BlockHeader {
  number: number
  /** 0x + 64 hex */
  hash: string
}

/** One registered hotkey. u16 values are shares of 65535. */
export interface Neuron {
  uid: number
  hotkey: string
  coldkey: string
  /** Where the miner listens; undefined when it has not served an axon. May be a private address: check before dialling. */
  axon: { ip: string; port: number } | undefined
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
>

export interface SetWeightsArgs {
  netuid: number
  /** Sorted and unique; same length as `weights`. */
  uids: readonly number[]
  /** u16 */
  weights: readonly number[]
  versionKey: bigint
}

export interface ServeAxonArgs {
  netuid: number
  /** IPv4 or IPv6 text. The chain refuses 0.0.0.0 and 127.0.0.1. */
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
