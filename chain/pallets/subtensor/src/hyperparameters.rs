//! Setters of hyperparameters, each with Subtensor's event. Whether a caller may set one is for `pallet-admin-utils`.

use crate::*;
use frame_support::{ensure, pallet_prelude::DispatchResult};

/// Epochs.
const MIN_REVEAL_PERIOD: u64 = 1;
/// Epochs.
const MAX_REVEAL_PERIOD: u64 = 100;

/// A setter for a map by netuid: writes the value and tells of it.
macro_rules! subnet_setters {
	($($(#[$doc:meta])* $setter:ident: $storage:ident, $value:ty, $event:ident;)+) => {
		impl<T: Config> Pallet<T> {
			$(
				$(#[$doc])*
				pub fn $setter(netuid: NetUid, value: $value) {
					$storage::<T>::insert(netuid, value);
					Self::deposit_event(Event::$event(netuid, value));
				}
			)+
		}
	};
}

subnet_setters! {
	set_activity_cutoff: ActivityCutoff, u16, ActivityCutoffSet;
	set_bonds_moving_average: BondsMovingAverage, u64, BondsMovingAverageSet;
	set_bonds_penalty: BondsPenalty, u16, BondsPenaltySet;
	set_commit_reveal_weights_enabled: CommitRevealWeightsEnabled, bool, CommitRevealEnabled;
	set_immunity_period: ImmunityPeriod, u16, ImmunityPeriodSet;
	set_kappa: Kappa, u16, KappaSet;
	set_max_allowed_uids: MaxAllowedUids, u16, MaxAllowedUidsSet;
	set_max_allowed_validators: MaxAllowedValidators, u16, MaxAllowedValidatorsSet;
	set_max_weight_limit: MaxWeightsLimit, u16, MaxWeightLimitSet;
	set_min_allowed_weights: MinAllowedWeights, u16, MinAllowedWeightSet;
	set_min_non_immune_uids: MinNonImmuneUids, u16, MinNonImmuneUidsSet;
	set_network_registration_allowed: NetworkRegistrationAllowed, bool, RegistrationAllowed;
	set_serving_rate_limit: ServingRateLimit, u64, ServingRateLimitSet;
	set_weights_set_rate_limit: WeightsSetRateLimit, u64, WeightsSetRateLimitSet;
	set_weights_version_key: WeightsVersionKey, u64, WeightsVersionKeySet;
}

impl<T: Config> Pallet<T> {
	/// Sets the tempo and starts a new cycle: the next epoch is `tempo` blocks from now.
	pub fn set_tempo(netuid: NetUid, tempo: u16) {
		Tempo::<T>::insert(netuid, tempo);
		LastEpochBlock::<T>::insert(netuid, Self::current_block());
		Self::deposit_event(Event::TempoSet(netuid, tempo));
	}

	/// Sets the epochs from a commit to its reveal, 1 to 100.
	pub fn set_reveal_period(netuid: NetUid, epochs: u64) -> DispatchResult {
		ensure!(epochs <= MAX_REVEAL_PERIOD, Error::<T>::RevealPeriodTooLarge);
		ensure!(epochs >= MIN_REVEAL_PERIOD, Error::<T>::RevealPeriodTooSmall);
		RevealPeriodEpochs::<T>::insert(netuid, epochs);
		Self::deposit_event(Event::CommitRevealPeriodsSet(netuid, epochs));
		Ok(())
	}

	/// Sets the least price of a registration, in rao, and raises the price to it.
	pub fn set_min_burn(netuid: NetUid, min: TaoBalance) {
		MinBurn::<T>::insert(netuid, min);
		Burn::<T>::mutate(netuid, |price| *price = (*price).max(min));
		Self::deposit_event(Event::MinBurnSet(netuid, min));
	}

	/// Sets the highest price of a registration, in rao, and lowers the price to it.
	pub fn set_max_burn(netuid: NetUid, max: TaoBalance) {
		MaxBurn::<T>::insert(netuid, max);
		Burn::<T>::mutate(netuid, |price| *price = (*price).min(max));
		Self::deposit_event(Event::MaxBurnSet(netuid, max));
	}

	/// Switches between Yuma 3 and Yuma 2. Bonds stay as they are, though the two store them differently.
	pub fn set_yuma3_enabled(netuid: NetUid, enabled: bool) {
		Yuma3On::<T>::insert(netuid, enabled);
	}

	/// Whether Yuma 3 chooses alpha for each bond.
	pub fn set_liquid_alpha_enabled(netuid: NetUid, enabled: bool) {
		LiquidAlphaOn::<T>::insert(netuid, enabled);
	}

	/// Sets the lowest and the highest alpha, out of 65535. Fails where liquid alpha is off, and for values below a
	/// fortieth or in the wrong order.
	pub fn set_alpha_values(netuid: NetUid, alpha_low: u16, alpha_high: u16) -> DispatchResult {
		const LEAST: u16 = u16::MAX / 40;
		ensure!(LiquidAlphaOn::<T>::get(netuid), Error::<T>::LiquidAlphaDisabled);
		ensure!(alpha_high >= LEAST, Error::<T>::AlphaHighTooLow);
		ensure!(
			(LEAST..=alpha_high).contains(&alpha_low),
			Error::<T>::AlphaLowOutOfRange
		);
		AlphaValues::<T>::insert(netuid, (alpha_low, alpha_high));
		Ok(())
	}

	/// Sets how steep alpha's sigmoid is, in hundredths. Subtensor lets root set a negative one too.
	pub fn set_alpha_sigmoid_steepness(netuid: NetUid, steepness: i16) {
		AlphaSigmoidSteepness::<T>::insert(netuid, steepness);
	}

	/// Sets the stake, in rao, below which a hotkey does not count as a validator, on all subnets.
	pub fn set_stake_threshold(min: u64) {
		StakeThreshold::<T>::put(min);
		Self::deposit_event(Event::StakeThresholdSet(min));
	}

	/// Sets the owners' share of emission, out of 65535, on all subnets.
	pub fn set_subnet_owner_cut(cut: u16) {
		SubnetOwnerCut::<T>::put(cut);
		Self::deposit_event(Event::SubnetOwnerCutSet(cut));
	}
}
