//! The metagraph, as a runtime API.

use crate::{
	epoch::types::{EpochInput, EpochOutput},
	*,
};
use alloc::vec::Vec;
use codec::{Codec, Compact, Decode, Encode};
use scale_info::TypeInfo;

/// A subnet and its neurons, with Subtensor's field names; vectors go by uid, balances are rao.
///
/// Fields that this chain has no use for (identities, pools, proof of work …) are left out, and `validator_trust` is
/// added, so the layout is not Subtensor's: decode it by metadata.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct Metagraph<AccountId> {
	pub netuid: Compact<NetUid>,
	pub network_registered_at: Compact<u64>,
	pub owner_hotkey: AccountId,
	pub owner_coldkey: AccountId,
	/// Block of this view.
	pub block: Compact<u64>,
	pub tempo: Compact<u16>,
	/// Block of the last epoch.
	pub last_step: Compact<u64>,
	pub blocks_since_last_step: Compact<u64>,
	/// Pending for miners and validators together.
	pub pending_alpha_emission: Compact<AlphaBalance>,
	pub kappa: Compact<u16>,
	pub min_allowed_weights: Compact<u16>,
	pub max_weights_limit: Compact<u16>,
	pub weights_version: Compact<u64>,
	pub weights_rate_limit: Compact<u64>,
	pub activity_cutoff: Compact<u64>,
	pub max_validators: Compact<u16>,
	pub num_uids: Compact<u16>,
	pub max_uids: Compact<u16>,
	pub burn: Compact<TaoBalance>,
	pub registration_allowed: bool,
	pub immunity_period: Compact<u16>,
	pub min_burn: Compact<TaoBalance>,
	pub max_burn: Compact<TaoBalance>,
	pub serving_rate_limit: Compact<u64>,
	pub commit_reveal_weights_enabled: bool,
	/// Epochs from a commit to its reveal.
	pub commit_reveal_period: Compact<u64>,
	pub liquid_alpha_enabled: bool,
	pub alpha_high: Compact<u16>,
	pub alpha_low: Compact<u16>,
	pub bonds_moving_avg: Compact<u64>,
	pub hotkeys: Vec<AccountId>,
	pub coldkeys: Vec<AccountId>,
	/// All zeros for a neuron that serves none.
	pub axons: Vec<AxonInfo>,
	pub active: Vec<bool>,
	pub validator_permit: Vec<bool>,
	pub last_update: Vec<Compact<u64>>,
	/// Rao of the last epoch.
	pub emission: Vec<Compact<AlphaBalance>>,
	pub dividends: Vec<Compact<u16>>,
	pub incentives: Vec<Compact<u16>>,
	pub consensus: Vec<Compact<u16>>,
	pub validator_trust: Vec<Compact<u16>>,
	pub block_at_registration: Vec<Compact<u64>>,
	pub alpha_stake: Vec<Compact<AlphaBalance>>,
	/// Equals `alpha_stake`: there is no stake on a root network.
	pub total_stake: Vec<Compact<TaoBalance>>,
	// Not in Subtensor's metagraph, but among its hyperparameters.
	pub yuma3_enabled: bool,
	/// Hundredths.
	pub alpha_sigmoid_steepness: i16,
	pub bonds_penalty: Compact<u16>,
}

sp_api::decl_runtime_apis! {
	/// Views of subnets, with Subtensor's names.
	pub trait SubnetInfoRuntimeApi<AccountId> where AccountId: Codec {
		/// The subnet and its neurons; none where it does not exist.
		fn get_metagraph(netuid: NetUid) -> Option<Metagraph<AccountId>>;
		/// The block of the next epoch; none where the subnet does not exist or has a tempo of 0.
		fn get_next_epoch_start_block(netuid: NetUid) -> Option<u64>;
	}

	/// The pallet's own Yuma as a pure function, for research and for comparing implementations.
	pub trait YumaRuntimeApi {
		/// Runs one epoch over the given subnet; touches no state.
		fn run_epoch(input: EpochInput) -> EpochOutput;
	}
}

impl<T: Config> Pallet<T> {
	/// The subnet and its neurons; none where it does not exist.
	pub fn metagraph(netuid: NetUid) -> Option<Metagraph<T::AccountId>> {
		if !NetworksAdded::<T>::get(netuid) {
			return None;
		}
		let n = SubnetworkN::<T>::get(netuid);
		let hotkeys: Vec<T::AccountId> = (0..n).map(|uid| Keys::<T>::get(netuid, uid)).collect();
		let stake = || {
			hotkeys
				.iter()
				.map(|hotkey| Compact(TotalHotkeyAlpha::<T>::get(hotkey, netuid)))
				.collect()
		};
		let (alpha_low, alpha_high) = AlphaValues::<T>::get(netuid);
		let pending = PendingServerEmission::<T>::get(netuid) + PendingValidatorEmission::<T>::get(netuid);
		Some(Metagraph {
			netuid: netuid.into(),
			network_registered_at: NetworkRegisteredAt::<T>::get(netuid).into(),
			owner_hotkey: SubnetOwnerHotkey::<T>::get(netuid),
			owner_coldkey: SubnetOwner::<T>::get(netuid),
			block: Self::current_block().into(),
			tempo: Tempo::<T>::get(netuid).into(),
			last_step: LastMechansimStepBlock::<T>::get(netuid).into(),
			blocks_since_last_step: BlocksSinceLastStep::<T>::get(netuid).into(),
			pending_alpha_emission: pending.into(),
			kappa: Kappa::<T>::get(netuid).into(),
			min_allowed_weights: MinAllowedWeights::<T>::get(netuid).into(),
			max_weights_limit: MaxWeightsLimit::<T>::get(netuid).into(),
			weights_version: WeightsVersionKey::<T>::get(netuid).into(),
			weights_rate_limit: WeightsSetRateLimit::<T>::get(netuid).into(),
			activity_cutoff: u64::from(ActivityCutoff::<T>::get(netuid)).into(),
			max_validators: MaxAllowedValidators::<T>::get(netuid).into(),
			num_uids: n.into(),
			max_uids: MaxAllowedUids::<T>::get(netuid).into(),
			burn: Burn::<T>::get(netuid).into(),
			registration_allowed: NetworkRegistrationAllowed::<T>::get(netuid),
			immunity_period: ImmunityPeriod::<T>::get(netuid).into(),
			min_burn: MinBurn::<T>::get(netuid).into(),
			max_burn: MaxBurn::<T>::get(netuid).into(),
			serving_rate_limit: ServingRateLimit::<T>::get(netuid).into(),
			commit_reveal_weights_enabled: CommitRevealWeightsEnabled::<T>::get(netuid),
			commit_reveal_period: RevealPeriodEpochs::<T>::get(netuid).into(),
			liquid_alpha_enabled: LiquidAlphaOn::<T>::get(netuid),
			alpha_high: alpha_high.into(),
			alpha_low: alpha_low.into(),
			bonds_moving_avg: BondsMovingAverage::<T>::get(netuid).into(),
			coldkeys: hotkeys.iter().map(Owner::<T>::get).collect(),
			axons: hotkeys
				.iter()
				.map(|key| Axons::<T>::get(netuid, key).unwrap_or_default())
				.collect(),
			active: Active::<T>::get(netuid),
			validator_permit: ValidatorPermit::<T>::get(netuid),
			last_update: compact(LastUpdate::<T>::get(netuid)),
			emission: compact(Emission::<T>::get(netuid)),
			dividends: compact(Dividends::<T>::get(netuid)),
			incentives: compact(Incentive::<T>::get(netuid)),
			consensus: compact(Consensus::<T>::get(netuid)),
			validator_trust: compact(ValidatorTrust::<T>::get(netuid)),
			block_at_registration: (0..n)
				.map(|uid| BlockAtRegistration::<T>::get(netuid, uid).into())
				.collect(),
			alpha_stake: stake(),
			total_stake: stake(),
			yuma3_enabled: Yuma3On::<T>::get(netuid),
			alpha_sigmoid_steepness: AlphaSigmoidSteepness::<T>::get(netuid),
			bonds_penalty: BondsPenalty::<T>::get(netuid).into(),
			hotkeys,
		})
	}
}

fn compact<V>(values: Vec<V>) -> Vec<Compact<V>> {
	values.into_iter().map(Compact).collect()
}
