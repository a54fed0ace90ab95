//! Events, with Subtensor's names and fields.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod events {
	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A subnet was created: netuid, mechanism (0: one token).
		NetworkAdded(NetUid, u16),
		/// Coldkey, hotkey, TAO paid, alpha received, netuid, fee.
		StakeAdded(T::AccountId, T::AccountId, TaoBalance, AlphaBalance, NetUid, u64),
		/// Coldkey, hotkey, TAO received, alpha paid, netuid, fee.
		StakeRemoved(T::AccountId, T::AccountId, TaoBalance, AlphaBalance, NetUid, u64),
		/// A neuron set its weights: storage index, uid.
		WeightsSet(NetUidStorageIndex, u16),
		/// A neuron was registered: netuid, uid, hotkey.
		NeuronRegistered(NetUid, u16, T::AccountId),
		/// A neuron published its axon: netuid, hotkey.
		AxonServed(NetUid, T::AccountId),
		/// What an epoch paid to miners, by uid.
		IncentiveAlphaEmittedToMiners {
			netuid: NetUidStorageIndex,
			emissions: Vec<AlphaBalance>,
		},
		MinNonImmuneUidsSet(NetUid, u16),
		/// Registrations were switched on or off.
		RegistrationAllowed(NetUid, bool),
		MaxAllowedUidsSet(NetUid, u16),
		MaxWeightLimitSet(NetUid, u16),
		ActivityCutoffSet(NetUid, u16),
		KappaSet(NetUid, u16),
		MinAllowedWeightSet(NetUid, u16),
		WeightsSetRateLimitSet(NetUid, u64),
		ImmunityPeriodSet(NetUid, u16),
		BondsMovingAverageSet(NetUid, u64),
		BondsPenaltySet(NetUid, u16),
		MaxAllowedValidatorsSet(NetUid, u16),
		WeightsVersionKeySet(NetUid, u64),
		ServingRateLimitSet(NetUid, u64),
		MaxBurnSet(NetUid, TaoBalance),
		MinBurnSet(NetUid, TaoBalance),
		TempoSet(NetUid, u16),
		StakeThresholdSet(u64),
		SubnetOwnerCutSet(u16),
		CommitRevealEnabled(NetUid, bool),
		CommitRevealPeriodsSet(NetUid, u64),
		/// Weights were committed: hotkey, storage index, hash.
		WeightsCommitted(T::AccountId, NetUidStorageIndex, CommitHash),
		/// Committed weights were revealed: hotkey, storage index, hash.
		WeightsRevealed(T::AccountId, NetUidStorageIndex, CommitHash),
		/// Several commits were revealed: hotkey, netuid, hashes.
		WeightsBatchRevealed(T::AccountId, NetUid, Vec<CommitHash>),
		/// The subnet's owner asked for an epoch.
		EpochTriggered {
			netuid: NetUid,
			by: T::AccountId,
			fires_at: u64,
		},
	}
}
