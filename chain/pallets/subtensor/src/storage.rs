//! Storage, with Subtensor's names, hashers and value types.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod storage {
	/// What a query finds where no account was ever written.
	#[pallet::type_value]
	pub fn DefaultAccount<T: Config>() -> T::AccountId {
		T::AccountId::decode(&mut TrailingZeroInput::zeroes()).expect("zeros decode as an account")
	}

	// Issuance and emission

	/// All TAO: free, staked and pending.
	#[pallet::storage]
	pub type TotalIssuance<T> = StorageValue<_, TaoBalance, ValueQuery>;
	#[pallet::storage]
	pub type TotalStake<T> = StorageValue<_, TaoBalance, ValueQuery>;
	/// Rao emitted in each block, over all subnets.
	#[pallet::storage]
	pub type BlockEmission<T> = StorageValue<_, u64, ValueQuery, ConstU64<1_000_000_000>>;
	/// For miners, until the epoch pays it.
	#[pallet::storage]
	pub type PendingServerEmission<T> = StorageMap<_, Identity, NetUid, AlphaBalance, ValueQuery>;
	/// For validators, until the epoch pays it.
	#[pallet::storage]
	pub type PendingValidatorEmission<T> = StorageMap<_, Identity, NetUid, AlphaBalance, ValueQuery>;
	/// For the subnet's owner, until the epoch pays it.
	#[pallet::storage]
	pub type PendingOwnerCut<T> = StorageMap<_, Identity, NetUid, AlphaBalance, ValueQuery>;
	/// Share of emission that goes to subnet owners, out of 65535. Subtensor's is 11796 (18 %).
	#[pallet::storage]
	pub type SubnetOwnerCut<T> = StorageValue<_, u16, ValueQuery, ConstU16<0>>;

	// Stake

	/// Hotkey to the coldkey that owns it.
	#[pallet::storage]
	pub type Owner<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, T::AccountId, ValueQuery, DefaultAccount<T>>;
	#[pallet::storage]
	pub type TotalHotkeyAlpha<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Identity, NetUid, AlphaBalance, ValueQuery>;
	/// Stake by hotkey, coldkey and subnet. Plain amounts, where Subtensor keeps shares.
	#[pallet::storage]
	pub type Alpha<T: Config> = StorageNMap<
		_,
		(
			NMapKey<Blake2_128Concat, T::AccountId>,
			NMapKey<Blake2_128Concat, T::AccountId>,
			NMapKey<Identity, NetUid>,
		),
		AlphaBalance,
		ValueQuery,
	>;
	/// Stake below which a hotkey may not set weights and counts for nothing in consensus.
	#[pallet::storage]
	pub type StakeThreshold<T> = StorageValue<_, u64, ValueQuery>;

	// Subnets

	#[pallet::storage]
	pub type NetworksAdded<T> = StorageMap<_, Identity, NetUid, bool, ValueQuery>;
	#[pallet::storage]
	pub type TotalNetworks<T> = StorageValue<_, u16, ValueQuery>;
	#[pallet::storage]
	pub type SubnetLimit<T> = StorageValue<_, u16, ValueQuery, ConstU16<128>>;
	#[pallet::storage]
	pub type NetworkMinLockCost<T> = StorageValue<_, TaoBalance, ValueQuery, ConstU64<1_000_000_000_000>>;
	#[pallet::storage]
	pub type NetworkRegisteredAt<T> = StorageMap<_, Identity, NetUid, u64, ValueQuery>;
	#[pallet::storage]
	pub type SubnetMechanism<T> = StorageMap<_, Identity, NetUid, u16, ValueQuery>;
	/// The coldkey that created the subnet.
	#[pallet::storage]
	pub type SubnetOwner<T: Config> =
		StorageMap<_, Identity, NetUid, T::AccountId, ValueQuery, DefaultAccount<T>>;
	#[pallet::storage]
	pub type SubnetOwnerHotkey<T: Config> =
		StorageMap<_, Identity, NetUid, T::AccountId, ValueQuery, DefaultAccount<T>>;
	#[pallet::storage]
	pub type SubnetworkN<T> = StorageMap<_, Identity, NetUid, u16, ValueQuery>;

	// Epoch schedule

	/// Blocks between epochs; 0 means none.
	#[pallet::storage]
	pub type Tempo<T> = StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<360>>;
	#[pallet::storage]
	pub type LastEpochBlock<T> = StorageMap<_, Identity, NetUid, u64, ValueQuery>;
	/// Epochs so far.
	#[pallet::storage]
	pub type SubnetEpochIndex<T> = StorageMap<_, Identity, NetUid, u64, ValueQuery>;
	/// Block of an epoch that was asked for; 0 means none.
	#[pallet::storage]
	pub type PendingEpochAt<T> = StorageMap<_, Identity, NetUid, u64, ValueQuery>;
	/// Blocks from a call of `trigger_epoch` to its epoch.
	#[pallet::storage]
	pub type AdminFreezeWindow<T> = StorageValue<_, u16, ValueQuery, ConstU16<10>>;
	#[pallet::storage]
	pub type BlocksSinceLastStep<T> = StorageMap<_, Identity, NetUid, u64, ValueQuery>;
	/// Subtensor's spelling.
	#[pallet::storage]
	pub type LastMechansimStepBlock<T> = StorageMap<_, Identity, NetUid, u64, ValueQuery>;

	// Hyperparameters

	/// Majority in consensus, out of 65535.
	#[pallet::storage]
	pub type Kappa<T> = StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<32_767>>;
	/// Blocks for which a new neuron cannot be pruned.
	#[pallet::storage]
	pub type ImmunityPeriod<T> = StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<5_000>>;
	/// Blocks without new weights after which a validator is inactive.
	#[pallet::storage]
	pub type ActivityCutoff<T> = StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<5_000>>;
	#[pallet::storage]
	pub type MinAllowedWeights<T> = StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<1>>;
	/// Largest share of one weight, out of 65535; 65535 means no limit.
	#[pallet::storage]
	pub type MaxWeightsLimit<T> = StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<{ u16::MAX }>>;
	#[pallet::storage]
	pub type WeightsVersionKey<T> = StorageMap<_, Identity, NetUid, u64, ValueQuery>;
	/// Blocks between two settings of weights.
	#[pallet::storage]
	pub type WeightsSetRateLimit<T> = StorageMap<_, Identity, NetUid, u64, ValueQuery, ConstU64<100>>;
	#[pallet::storage]
	pub type CommitRevealWeightsEnabled<T> =
		StorageMap<_, Identity, NetUid, bool, ValueQuery, ConstBool<false>>;
	/// Epochs from a commit to its reveal.
	#[pallet::storage]
	pub type RevealPeriodEpochs<T> = StorageMap<_, Twox64Concat, NetUid, u64, ValueQuery, ConstU64<1>>;
	/// Hashes of weights that wait for their reveal.
	#[pallet::storage]
	pub type WeightCommits<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		NetUidStorageIndex,
		Twox64Concat,
		T::AccountId,
		WeightCommitQueue,
		OptionQuery,
	>;
	#[pallet::storage]
	pub type MaxAllowedUids<T> = StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<256>>;
	#[pallet::storage]
	pub type MaxAllowedValidators<T> = StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<64>>;
	/// Blocks between two servings of an axon.
	#[pallet::storage]
	pub type ServingRateLimit<T> = StorageMap<_, Identity, NetUid, u64, ValueQuery, ConstU64<50>>;
	/// What a bond keeps of itself at each epoch, in millionths.
	#[pallet::storage]
	pub type BondsMovingAverage<T> = StorageMap<_, Identity, NetUid, u64, ValueQuery, ConstU64<900_000>>;
	/// How far weights above consensus are cut for bonds, out of 65535.
	#[pallet::storage]
	pub type BondsPenalty<T> = StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<{ u16::MAX }>>;
	/// Whether Yuma 3 runs, otherwise Yuma 2.
	#[pallet::storage]
	pub type Yuma3On<T> = StorageMap<_, Blake2_128Concat, NetUid, bool, ValueQuery>;
	/// Whether Yuma 3 chooses alpha for each bond.
	#[pallet::storage]
	pub type LiquidAlphaOn<T> = StorageMap<_, Blake2_128Concat, NetUid, bool, ValueQuery>;
	#[pallet::type_value]
	pub fn DefaultAlphaValues<T: Config>() -> (u16, u16) {
		(45_875, 58_982)
	}
	/// Lowest and highest alpha, out of 65535; by default 0.7 and 0.9.
	#[pallet::storage]
	pub type AlphaValues<T: Config> =
		StorageMap<_, Identity, NetUid, (u16, u16), ValueQuery, DefaultAlphaValues<T>>;
	/// Hundredths.
	#[pallet::storage]
	pub type AlphaSigmoidSteepness<T> = StorageMap<_, Identity, NetUid, i16, ValueQuery, ConstI16<1_000>>;
	#[pallet::storage]
	pub type NetworkRegistrationAllowed<T> =
		StorageMap<_, Identity, NetUid, bool, ValueQuery, ConstBool<true>>;
	/// Neurons past their immunity that a full subnet keeps, and rather gives up an immune one.
	#[pallet::storage]
	pub type MinNonImmuneUids<T> = StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<10>>;
	/// Neurons of the subnet's owner that are never pruned.
	#[pallet::storage]
	pub type ImmuneOwnerUidsLimit<T> = StorageMap<_, Identity, NetUid, u16, ValueQuery, ConstU16<1>>;
	/// Price of a registration.
	#[pallet::storage]
	pub type Burn<T> = StorageMap<_, Identity, NetUid, TaoBalance, ValueQuery, ConstU64<100_000_000>>;
	#[pallet::storage]
	pub type MinBurn<T> = StorageMap<_, Identity, NetUid, TaoBalance, ValueQuery, ConstU64<DEFAULT_MIN_BURN>>;
	#[pallet::storage]
	pub type MaxBurn<T> = StorageMap<_, Identity, NetUid, TaoBalance, ValueQuery, ConstU64<DEFAULT_MAX_BURN>>;
	#[pallet::storage]
	pub type RAORecycledForRegistration<T> = StorageMap<_, Identity, NetUid, TaoBalance, ValueQuery>;

	// Neurons

	#[pallet::storage]
	pub type Uids<T: Config> =
		StorageDoubleMap<_, Identity, NetUid, Blake2_128Concat, T::AccountId, u16, OptionQuery>;
	#[pallet::storage]
	pub type Keys<T: Config> =
		StorageDoubleMap<_, Identity, NetUid, Identity, u16, T::AccountId, ValueQuery, DefaultAccount<T>>;
	#[pallet::storage]
	pub type IsNetworkMember<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Identity, NetUid, bool, ValueQuery>;
	#[pallet::storage]
	pub type BlockAtRegistration<T> = StorageDoubleMap<_, Identity, NetUid, Identity, u16, u64, ValueQuery>;
	#[pallet::storage]
	pub type Axons<T: Config> =
		StorageDoubleMap<_, Identity, NetUid, Blake2_128Concat, T::AccountId, AxonInfo, OptionQuery>;
	/// Rows of weights, each upscaled so that its largest is 65535.
	#[pallet::storage]
	pub type Weights<T> =
		StorageDoubleMap<_, Identity, NetUidStorageIndex, Identity, u16, Vec<(u16, u16)>, ValueQuery>;
	/// Rows of bonds, each column upscaled so that its largest is 65535.
	#[pallet::storage]
	pub type Bonds<T> =
		StorageDoubleMap<_, Identity, NetUidStorageIndex, Identity, u16, Vec<(u16, u16)>, ValueQuery>;

	// What the last epoch found, by uid; shares are out of 65535.

	#[pallet::storage]
	pub type Active<T> = StorageMap<_, Identity, NetUid, Vec<bool>, ValueQuery>;
	#[pallet::storage]
	pub type Consensus<T> = StorageMap<_, Identity, NetUid, Vec<u16>, ValueQuery>;
	#[pallet::storage]
	pub type Incentive<T> = StorageMap<_, Identity, NetUidStorageIndex, Vec<u16>, ValueQuery>;
	#[pallet::storage]
	pub type Dividends<T> = StorageMap<_, Identity, NetUid, Vec<u16>, ValueQuery>;
	/// Rao of that epoch.
	#[pallet::storage]
	pub type Emission<T> = StorageMap<_, Identity, NetUid, Vec<AlphaBalance>, ValueQuery>;
	/// Block of the last weights, or of the registration.
	#[pallet::storage]
	pub type LastUpdate<T> = StorageMap<_, Identity, NetUidStorageIndex, Vec<u64>, ValueQuery>;
	#[pallet::storage]
	pub type ValidatorTrust<T> = StorageMap<_, Identity, NetUid, Vec<u16>, ValueQuery>;
	#[pallet::storage]
	pub type ValidatorPermit<T> = StorageMap<_, Identity, NetUid, Vec<bool>, ValueQuery>;
	#[pallet::storage]
	pub type StakeWeight<T> = StorageMap<_, Identity, NetUid, Vec<u16>, ValueQuery>;
}
