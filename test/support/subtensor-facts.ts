/** A pallet as Subtensor (spec 424 and 425) has it, as far as this project's client uses it. */
export interface PalletFacts {
  readonly index: number
  /** `index name(argument: type, …)` */
  readonly calls?: readonly string[]
  /** `index name(type, …)` */
  readonly events?: readonly string[]
  /** `name(hasher type, …): type = default`; without a default the value is optional. */
  readonly storage?: readonly string[]
  /** `name: type = value` */
  readonly constants?: readonly string[]
}

const WEIGHTS = 'dests: Vec<u16>, weights: Vec<u16>, version_key: u64'
const REVEAL = 'uids: Vec<u16>, values: Vec<u16>, salt: Vec<u16>, version_key: u64'
const TIMELOCKED = 'commit: BoundedVec<u8>, reveal_round: u64, commit_reveal_version: u16'
const AXON =
  'version: u32, ip: u128, port: u16, ip_type: u8, protocol: u8, placeholder1: u8, placeholder2: u8'
const U64_ZERO = '0000000000000000'

export const PALLETS: Readonly<Record<string, PalletFacts>> = {
  System: {
    index: 0,
    events: ['0 ExtrinsicSuccess(DispatchEventInfo)'],
    storage: [
      `Account(Blake2_128Concat AccountId32): AccountInfo = ${'00'.repeat(16 + 8 * 3 + 15)}80`,
      'Events: Vec<EventRecord> = 00',
    ],
    constants: ['BlockHashCount: u32 = 60090000', 'SS58Prefix: u16 = 2a00'],
  },
  Balances: {
    index: 5,
    calls: ['3 transfer_keep_alive(dest: MultiAddress, value: Compact<TaoBalance>)'],
  },
  SubtensorModule: {
    index: 7,
    calls: [
      `0 set_weights(netuid: NetUid, ${WEIGHTS})`,
      '2 add_stake(hotkey: AccountId32, netuid: NetUid, amount_staked: TaoBalance)',
      '3 remove_stake(hotkey: AccountId32, netuid: NetUid, amount_unstaked: AlphaBalance)',
      `4 serve_axon(netuid: NetUid, ${AXON})`,
      '7 burned_register(netuid: NetUid, hotkey: AccountId32)',
      '59 register_network(hotkey: AccountId32)',
      '96 commit_weights(netuid: NetUid, commit_hash: H256)',
      `97 reveal_weights(netuid: NetUid, ${REVEAL})`,
      `113 commit_timelocked_weights(netuid: NetUid, ${TIMELOCKED})`,
      '115 commit_mechanism_weights(netuid: NetUid, mecid: MechId, commit_hash: H256)',
      `116 reveal_mechanism_weights(netuid: NetUid, mecid: MechId, ${REVEAL})`,
      `118 commit_timelocked_mechanism_weights(netuid: NetUid, mecid: MechId, ${TIMELOCKED})`,
      `119 set_mechanism_weights(netuid: NetUid, mecid: MechId, ${WEIGHTS})`,
      '134 register_limit(netuid: NetUid, hotkey: AccountId32, limit_price: u64)',
    ],
    events: ['0 NetworkAdded(NetUid, u16)'],
    storage: [
      'NetworksAdded(Identity NetUid): bool = 00',
      'Tempo(Identity NetUid): u16 = 6801',
      `LastEpochBlock(Identity NetUid): u64 = ${U64_ZERO}`,
      `PendingEpochAt(Identity NetUid): u64 = ${U64_ZERO}`,
      `SubnetEpochIndex(Identity NetUid): u64 = ${U64_ZERO}`,
      `BlocksSinceLastStep(Identity NetUid): u64 = ${U64_ZERO}`,
      'ValidatorTrust(Identity NetUid): Vec<u16> = 00',
      'Weights(Identity NetUidStorageIndex, Identity u16): Vec<(u16,u16)> = 00',
      `StakeThreshold: u64 = ${U64_ZERO}`,
      'MechanismCountCurrent(Twox64Concat NetUid): MechId = 01',
      'CommitRevealWeightsVersion: u16 = 0400',
      'RevealPeriodEpochs(Twox64Concat NetUid): u64 = 0100000000000000',
      'WeightCommits(Twox64Concat NetUidStorageIndex, Twox64Concat AccountId32): Vec<(H256,u64,u64,u64)>',
      'TimelockedWeightCommits(Twox64Concat NetUidStorageIndex, Twox64Concat u64): Vec<(AccountId32,u64,BoundedVec<u8>,u64)> = 00',
      'BondsMovingAverage(Identity NetUid): u64 = a0bb0d0000000000',
      'BondsPenalty(Identity NetUid): u16 = ffff',
      'Yuma3On(Blake2_128Concat NetUid): bool = 00',
      'LiquidAlphaOn(Blake2_128Concat NetUid): bool = 00',
      'AlphaValues(Identity NetUid): (u16,u16) = 33b366e6',
      'AlphaSigmoidSteepness(Identity NetUid): i16 = e803',
    ],
  },
  Sudo: { index: 12, calls: ['0 sudo(call: RuntimeCall)'] },
  Commitments: {
    index: 18,
    calls: ['0 set_commitment(netuid: NetUid, info: CommitmentInfo)'],
    storage: ['CommitmentOf(Identity NetUid, Twox64Concat AccountId32): Registration'],
  },
  AdminUtils: {
    index: 19,
    calls: [
      '3 sudo_set_serving_rate_limit(netuid: NetUid, serving_rate_limit: u64)',
      '6 sudo_set_weights_version_key(netuid: NetUid, weights_version_key: u64)',
      '7 sudo_set_weights_set_rate_limit(netuid: NetUid, weights_set_rate_limit: u64)',
      '13 sudo_set_immunity_period(netuid: NetUid, immunity_period: u16)',
      '84 sudo_set_min_non_immune_uids(netuid: NetUid, min: u16)',
      '14 sudo_set_min_allowed_weights(netuid: NetUid, min_allowed_weights: u16)',
      '15 sudo_set_max_allowed_uids(netuid: NetUid, max_allowed_uids: u16)',
      '16 sudo_set_kappa(netuid: NetUid, kappa: u16)',
      '18 sudo_set_activity_cutoff(netuid: NetUid, activity_cutoff: u16)',
      '25 sudo_set_max_allowed_validators(netuid: NetUid, max_allowed_validators: u16)',
      '26 sudo_set_bonds_moving_average(netuid: NetUid, bonds_moving_average: u64)',
      '30 sudo_set_tempo(netuid: NetUid, tempo: u16)',
      '49 sudo_set_commit_reveal_weights_enabled(netuid: NetUid, enabled: bool)',
      '50 sudo_set_liquid_alpha_enabled(netuid: NetUid, enabled: bool)',
      '51 sudo_set_alpha_values(netuid: NetUid, alpha_low: u16, alpha_high: u16)',
      '57 sudo_set_commit_reveal_weights_interval(netuid: NetUid, interval: u64)',
      '60 sudo_set_bonds_penalty(netuid: NetUid, bonds_penalty: u16)',
      '68 sudo_set_alpha_sigmoid_steepness(netuid: NetUid, steepness: i16)',
      '69 sudo_set_yuma3_enabled(netuid: NetUid, enabled: bool)',
    ],
  },
}

/** Identifier, payload, and what is signed along with it. */
export const EXTENSIONS: readonly (readonly [name: string, payload: string, implicit: string])[] = [
  ['CheckNonZeroSender', '()', '()'],
  ['CheckSpecVersion', '()', 'u32'],
  ['CheckTxVersion', '()', 'u32'],
  ['CheckGenesis', '()', 'H256'],
  ['CheckMortality', 'Era', 'H256'],
  ['CheckNonce', 'Compact<u32>', '()'],
  ['CheckWeight', '()', '()'],
  ['ChargeTransactionPayment', 'Compact<TaoBalance>', '()'],
  ['SudoTransactionExtension', 'SudoTransactionExtension', '()'],
  ['CheckShieldedTxValidity', '()', '()'],
  ['SubtensorTransactionExtension', '()', '()'],
  ['DrandPriority', '()', '()'],
  ['CheckMetadataHash', 'CheckMetadataHash', 'Option<[u8;32]>'],
]

/** Fields of `SubnetInfoRuntimeApi.get_metagraph` in order. */
export const METAGRAPH: Readonly<Record<string, string>> = {
  netuid: 'Compact<NetUid>',
  name: 'Vec<Compact<u8>>',
  symbol: 'Vec<Compact<u8>>',
  identity: 'Option<Identity>',
  network_registered_at: 'Compact<u64>',
  owner_hotkey: 'AccountId32',
  owner_coldkey: 'AccountId32',
  block: 'Compact<u64>',
  tempo: 'Compact<u16>',
  last_step: 'Compact<u64>',
  blocks_since_last_step: 'Compact<u64>',
  subnet_emission: 'Compact<u64>',
  alpha_in: 'Compact<AlphaBalance>',
  alpha_out: 'Compact<AlphaBalance>',
  tao_in: 'Compact<TaoBalance>',
  alpha_out_emission: 'Compact<AlphaBalance>',
  alpha_in_emission: 'Compact<AlphaBalance>',
  tao_in_emission: 'Compact<TaoBalance>',
  pending_alpha_emission: 'Compact<AlphaBalance>',
  pending_root_emission: 'Compact<TaoBalance>',
  subnet_volume: 'Compact<u128>',
  moving_price: 'FixedI128',
  rho: 'Compact<u16>',
  kappa: 'Compact<u16>',
  min_allowed_weights: 'Compact<u16>',
  max_weights_limit: 'Compact<u16>',
  weights_version: 'Compact<u64>',
  weights_rate_limit: 'Compact<u64>',
  activity_cutoff: 'Compact<u64>',
  max_validators: 'Compact<u16>',
  num_uids: 'Compact<u16>',
  max_uids: 'Compact<u16>',
  burn: 'Compact<TaoBalance>',
  difficulty: 'Compact<u64>',
  registration_allowed: 'bool',
  pow_registration_allowed: 'bool',
  immunity_period: 'Compact<u16>',
  min_difficulty: 'Compact<u64>',
  max_difficulty: 'Compact<u64>',
  min_burn: 'Compact<TaoBalance>',
  max_burn: 'Compact<TaoBalance>',
  adjustment_alpha: 'Compact<u64>',
  adjustment_interval: 'Compact<u16>',
  target_regs_per_interval: 'Compact<u16>',
  max_regs_per_block: 'Compact<u16>',
  serving_rate_limit: 'Compact<u64>',
  commit_reveal_weights_enabled: 'bool',
  commit_reveal_period: 'Compact<u64>',
  liquid_alpha_enabled: 'bool',
  alpha_high: 'Compact<u16>',
  alpha_low: 'Compact<u16>',
  bonds_moving_avg: 'Compact<u64>',
  hotkeys: 'Vec<AccountId32>',
  coldkeys: 'Vec<AccountId32>',
  identities: 'Vec<Option<Identity>>',
  axons: 'Vec<AxonInfo>',
  active: 'Vec<bool>',
  validator_permit: 'Vec<bool>',
  pruning_score: 'Vec<Compact<u16>>',
  last_update: 'Vec<Compact<u64>>',
  emission: 'Vec<Compact<AlphaBalance>>',
  dividends: 'Vec<Compact<u16>>',
  incentives: 'Vec<Compact<u16>>',
  consensus: 'Vec<Compact<u16>>',
  trust: 'Vec<Compact<u16>>',
  rank: 'Vec<Compact<u16>>',
  block_at_registration: 'Vec<Compact<u64>>',
  alpha_stake: 'Vec<Compact<AlphaBalance>>',
  tao_stake: 'Vec<Compact<TaoBalance>>',
  total_stake: 'Vec<Compact<TaoBalance>>',
  tao_dividends_per_hotkey: 'Vec<(AccountId32,Compact<TaoBalance>)>',
  alpha_dividends_per_hotkey: 'Vec<(AccountId32,Compact<AlphaBalance>)>',
}

export const AXON_INFO: Readonly<Record<string, string>> = {
  block: 'u64',
  version: 'u32',
  ip: 'u128',
  port: 'u16',
  ip_type: 'u8',
  protocol: 'u8',
  placeholder1: 'u8',
  placeholder2: 'u8',
}

/** Variants of `pallet_commitments::types::Data`, as `index name(type)`; plain data has one for each length. */
export const COMMITMENT_DATA: readonly string[] = [
  '0 None()',
  ...Array.from({ length: 129 }, (_, length) => `${length + 1} Raw${length}([u8;${length}])`),
  '130 BlakeTwo256([u8;32])',
  '131 Sha256([u8;32])',
  '132 Keccak256([u8;32])',
  '133 ShaThree256([u8;32])',
  '134 TimelockEncrypted(encrypted: BoundedVec<u8>, reveal_round: u64)',
  '135 ResetBondsFlag()',
  '136 BigRaw(BoundedVec<u8>)',
]
