import { z } from 'zod'
import type { AdminHyperparameters } from '../chain-client.ts'
import { bigint, number } from './codec-json.ts'
import { commitmentSchema } from './commitment.ts'

/** A call as one runtime or another has it, in the library's spelling. Newtypes count as what they wrap. */
export interface CallShape {
  readonly pallet: string
  readonly name: string
  /** `name: type` */
  readonly args: readonly string[]
}

/** What an operation sends: the first shape that the runtime has. */
export interface CallEntry {
  readonly shapes: readonly CallShape[]
  /** True when a runtime without it is not one that this client can write to at all. */
  readonly required: boolean
}

/** What a read asks for: the first shape that the runtime has. */
export interface StorageEntry<T = unknown> {
  readonly shapes: readonly StorageShape[]
  /** Of the value's JSON. An optional item without a value is null. */
  readonly schema: z.ZodType<T>
  /** The value on a runtime that has no such item; without it the item is required. */
  readonly absent?: T
}

export interface StorageShape {
  readonly pallet: string
  readonly name: string
  /** `(keys) => value`, or the value's type alone. */
  readonly type: string
}

export interface RuntimeApiEntry {
  readonly api: string
  readonly method: string
  /** Name for `state_call`. */
  readonly rpcName: string
}

const NETUID = 'netuid: u16'
const MECHANISM = 'mecid: u8'
const HOTKEY = 'hotkey: AccountId32'

/** Every call that this client sends for a miner or a validator. */
export const CALLS = {
  setWeights: required('setWeights', NETUID, 'dests: Vec<u16>', 'weights: Vec<u16>', 'versionKey: u64'),
  setMechanismWeights: optional(
    'setMechanismWeights',
    NETUID,
    MECHANISM,
    'dests: Vec<u16>',
    'weights: Vec<u16>',
    'versionKey: u64',
  ),
  commitWeights: optional('commitWeights', NETUID, 'commitHash: H256'),
  commitMechanismWeights: optional('commitMechanismWeights', NETUID, MECHANISM, 'commitHash: H256'),
  revealWeights: optional(
    'revealWeights',
    NETUID,
    'uids: Vec<u16>',
    'values: Vec<u16>',
    'salt: Vec<u16>',
    'versionKey: u64',
  ),
  revealMechanismWeights: optional(
    'revealMechanismWeights',
    NETUID,
    MECHANISM,
    'uids: Vec<u16>',
    'values: Vec<u16>',
    'salt: Vec<u16>',
    'versionKey: u64',
  ),
  commitTimelockedWeights: optional(
    'commitTimelockedWeights',
    NETUID,
    'commit: Bytes',
    'revealRound: u64',
    'commitRevealVersion: u16',
  ),
  commitTimelockedMechanismWeights: optional(
    'commitTimelockedMechanismWeights',
    NETUID,
    MECHANISM,
    'commit: Bytes',
    'revealRound: u64',
    'commitRevealVersion: u16',
  ),
  setCommitment: {
    required: false,
    shapes: [
      {
        pallet: 'commitments',
        name: 'setCommitment',
        args: [NETUID, 'info: PalletCommitmentsCommitmentInfo'],
      },
    ],
  },
  serveAxon: required(
    'serveAxon',
    NETUID,
    'version: u32',
    'ip: u128',
    'port: u16',
    'ipType: u8',
    'protocol: u8',
    'placeholder1: u8',
    'placeholder2: u8',
  ),
  burnedRegister: required('burnedRegister', NETUID, HOTKEY),
  registerLimit: optional('registerLimit', NETUID, HOTKEY, 'limitPrice: u64'),
  addStake: required('addStake', HOTKEY, NETUID, 'amountStaked: u64'),
  removeStake: required('removeStake', HOTKEY, NETUID, 'amountUnstaked: u64'),
  registerNetwork: required('registerNetwork', HOTKEY),
  transfer: {
    required: true,
    shapes: [
      { pallet: 'balances', name: 'transferKeepAlive', args: ['dest: MultiAddress', 'value: Compact<u64>'] },
    ],
  },
} satisfies Record<string, CallEntry>

export type CallName = keyof typeof CALLS

/** Hyperparameters that have a call of their own; the two alphas share one. */
export type SingleHyperparameter = Exclude<keyof AdminHyperparameters, 'alphaLow' | 'alphaHigh'>

/** Root's calls. A devnet's operator sends them, so a change there stops nobody else's writes. */
export const ADMIN_CALLS: Readonly<Record<SingleHyperparameter | 'alphaValues', CallEntry>> = {
  tempo: admin('sudoSetTempo', 'tempo: u16'),
  weightsRateLimit: admin('sudoSetWeightsSetRateLimit', 'weightsSetRateLimit: u64'),
  minAllowedWeights: admin('sudoSetMinAllowedWeights', 'minAllowedWeights: u16'),
  // Subtensor has a fixed limit of 65535, that is none.
  maxWeightLimit: admin('sudoSetMaxWeightLimit', 'maxWeightLimit: u16'),
  versionKey: admin('sudoSetWeightsVersionKey', 'weightsVersionKey: u64'),
  commitReveal: admin('sudoSetCommitRevealWeightsEnabled', 'enabled: bool'),
  revealPeriodEpochs: admin('sudoSetCommitRevealWeightsInterval', 'interval: u64'),
  kappa: admin('sudoSetKappa', 'kappa: u16'),
  immunityPeriod: admin('sudoSetImmunityPeriod', 'immunityPeriod: u16'),
  minNonImmuneUids: admin('sudoSetMinNonImmuneUids', 'min: u16'),
  activityCutoff: admin('sudoSetActivityCutoff', 'activityCutoff: u16'),
  maxAllowedUids: admin('sudoSetMaxAllowedUids', 'maxAllowedUids: u16'),
  maxAllowedValidators: admin('sudoSetMaxAllowedValidators', 'maxAllowedValidators: u16'),
  servingRateLimit: admin('sudoSetServingRateLimit', 'servingRateLimit: u64'),
  bondsMovingAverage: admin('sudoSetBondsMovingAverage', 'bondsMovingAverage: u64'),
  bondsPenalty: admin('sudoSetBondsPenalty', 'bondsPenalty: u16'),
  yuma3: admin('sudoSetYuma3Enabled', 'enabled: bool'),
  liquidAlpha: admin('sudoSetLiquidAlphaEnabled', 'enabled: bool'),
  alphaSigmoidSteepness: admin('sudoSetAlphaSigmoidSteepness', 'steepness: i16'),
  alphaValues: admin('sudoSetAlphaValues', 'alphaLow: u16', 'alphaHigh: u16'),
}

const u16s = z.array(z.number())
const alphas = z.tuple([number, number])

/** Every storage item that this client reads. By mechanism, a subnet's index is `mechanism * 4096 + netuid`. */
export const STORAGE = {
  account: {
    shapes: [{ pallet: 'system', name: 'account', type: '(AccountId32) => FrameSystemAccountInfo' }],
    schema: z.object({ data: z.object({ free: bigint }) }),
  },
  /** Milliseconds since 1970, by the clock of the block's author. */
  timestamp: {
    shapes: [{ pallet: 'timestamp', name: 'now', type: 'u64' }],
    schema: number,
    absent: 0,
  },
  lastEpochBlock: item('lastEpochBlock', '(u16) => u64', number),
  subnetEpochIndex: item('subnetEpochIndex', '(u16) => u64', number),
  blocksSinceLastStep: item('blocksSinceLastStep', '(u16) => u64', number),
  pendingEpochAt: item('pendingEpochAt', '(u16) => u64', number, 0),
  tempo: item('tempo', '(u16) => u16', number),
  networksAdded: item('networksAdded', '(u16) => bool', z.boolean()),
  validatorTrust: item('validatorTrust', '(u16) => Vec<u16>', u16s),
  weights: item('weights', '(u16,u16) => Vec<(u16,u16)>', z.array(z.tuple([number, number]))),
  stakeThreshold: item('stakeThreshold', 'u64', bigint),
  mechanisms: item('mechanismCountCurrent', '(u16) => u8', number, 1),
  commitRevealVersion: item('commitRevealWeightsVersion', 'u16', number, 0),
  revealPeriod: item('revealPeriodEpochs', '(u16) => u64', number, 1),
  hashCommits: item(
    'weightCommits',
    '(u16,AccountId32) => Vec<(H256,u64,u64,u64)>',
    // Hash, epoch, block; the fourth is no longer used.
    z
      .array(z.tuple([z.string(), number, number, number]))
      .nullable()
      .transform((commits) => commits ?? []),
    [],
  ),
  timelockedCommits: item(
    'timelockedWeightCommits',
    '(u16,u64) => Vec<(AccountId32,u64,Bytes,u64)>',
    // Hotkey, block, bytes, drand round.
    z.array(z.tuple([z.string(), number, z.string(), number])),
    [],
  ),
  bondsMovingAverage: item('bondsMovingAverage', '(u16) => u64', number),
  bondsPenalty: item('bondsPenalty', '(u16) => u16', number, 65_535),
  yuma3: item('yuma3On', '(u16) => bool', z.boolean(), false),
  liquidAlpha: item('liquidAlphaOn', '(u16) => bool', z.boolean(), false),
  alphaValues: item('alphaValues', '(u16) => (u16,u16)', alphas, [45_875, 58_982]),
  alphaSigmoidSteepness: item('alphaSigmoidSteepness', '(u16) => i16', number, 1_000),
  commitment: {
    shapes: [
      {
        pallet: 'commitments',
        name: 'commitmentOf',
        type: '(u16,AccountId32) => PalletCommitmentsRegistration',
      },
    ],
    schema: commitmentSchema,
    absent: null,
  },
} satisfies Record<string, StorageEntry>

export type StorageName = keyof typeof STORAGE
export type StorageValue<N extends StorageName> = z.output<(typeof STORAGE)[N]['schema']>

export const METAGRAPH_API: RuntimeApiEntry = {
  api: 'subnetInfoRuntimeApi',
  method: 'getMetagraph',
  rpcName: 'SubnetInfoRuntimeApi_get_metagraph',
}

/** Signed extensions that the library fills in. Any other, Subtensor's four among them, must carry nothing. */
export const FILLED_EXTENSIONS: readonly string[] = [
  'CheckNonZeroSender',
  'CheckSpecVersion',
  'CheckTxVersion',
  'CheckGenesis',
  'CheckMortality',
  'CheckNonce',
  'CheckWeight',
  'ChargeTransactionPayment',
  'CheckMetadataHash',
]

function required(name: string, ...args: string[]): CallEntry {
  return { required: true, shapes: [{ pallet: 'subtensorModule', name, args }] }
}

function optional(name: string, ...args: string[]): CallEntry {
  return { required: false, shapes: [{ pallet: 'subtensorModule', name, args }] }
}

function admin(name: string, ...args: string[]): CallEntry {
  return { required: false, shapes: [{ pallet: 'adminUtils', name, args: [NETUID, ...args] }] }
}

function item<T>(name: string, type: string, schema: z.ZodType<T>, absent?: NoInfer<T>): StorageEntry<T> {
  const entry = { shapes: [{ pallet: 'subtensorModule', name, type }], schema }
  return absent === undefined ? entry : { ...entry, absent }
}
