//! Hyperparameters by root, with the names, arguments and call indices of Subtensor's `AdminUtils`.
//!
//! On Subtensor a subnet's owner may set many of these too, outside a freeze window; here root does.

#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(test)]
mod tests;

pub use pallet::*;

use pallet_subtensor::{NetUid, Pallet as Subtensor, TaoBalance};

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use frame_support::pallet_prelude::*;
	use frame_system::pallet_prelude::*;
	use pallet_subtensor::genesis::MAX_UIDS;

	#[pallet::pallet]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config:
		frame_system::Config<RuntimeEvent: From<Event<Self>>> + pallet_subtensor::Config
	{
	}

	#[pallet::event]
	#[pallet::generate_deposit(fn deposit_event)]
	pub enum Event<T: Config> {
		/// Yuma 3 was switched on or off.
		#[codec(index = 1)]
		Yuma3EnableToggled { netuid: NetUid, enabled: bool },
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The subnet does not exist.
		SubnetDoesNotExist,
		/// More validators than the subnet has room for.
		MaxValidatorsLargerThanMaxUIds,
		/// Fewer uids than the subnet has neurons.
		MaxAllowedUIdsLessThanCurrentUIds,
		/// More uids than a subnet can ever have.
		MaxAllowedUidsGreaterThanDefaultMaxAllowedUids,
		/// More than a million millionths.
		BondsMovingAverageMaxReached,
		/// The least price is above the highest.
		ValueNotInBounds,
	}

	/// All of a bond is kept at each epoch.
	const WHOLE: u64 = 1_000_000;

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Blocks between two servings of an axon.
		#[pallet::call_index(3)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_serving_rate_limit(
			origin: OriginFor<T>,
			netuid: NetUid,
			serving_rate_limit: u64,
		) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			Subtensor::<T>::set_serving_rate_limit(netuid, serving_rate_limit);
			Ok(())
		}

		/// Least version key that weights must carry; 0 lets all pass.
		#[pallet::call_index(6)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_weights_version_key(
			origin: OriginFor<T>,
			netuid: NetUid,
			weights_version_key: u64,
		) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			Subtensor::<T>::set_weights_version_key(netuid, weights_version_key);
			Ok(())
		}

		/// Blocks between two settings of weights.
		#[pallet::call_index(7)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_weights_set_rate_limit(
			origin: OriginFor<T>,
			netuid: NetUid,
			weights_set_rate_limit: u64,
		) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			Subtensor::<T>::set_weights_set_rate_limit(netuid, weights_set_rate_limit);
			Ok(())
		}

		/// Largest share of one weight, out of 65535.
		#[pallet::call_index(12)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_max_weight_limit(
			origin: OriginFor<T>,
			netuid: NetUid,
			max_weight_limit: u16,
		) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			Subtensor::<T>::set_max_weight_limit(netuid, max_weight_limit);
			Ok(())
		}

		/// Blocks for which a new neuron cannot be pruned.
		#[pallet::call_index(13)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_immunity_period(
			origin: OriginFor<T>,
			netuid: NetUid,
			immunity_period: u16,
		) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			Subtensor::<T>::set_immunity_period(netuid, immunity_period);
			Ok(())
		}

		/// Least number of weights that a validator must set.
		#[pallet::call_index(14)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_min_allowed_weights(
			origin: OriginFor<T>,
			netuid: NetUid,
			min_allowed_weights: u16,
		) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			Subtensor::<T>::set_min_allowed_weights(netuid, min_allowed_weights);
			Ok(())
		}

		/// Most neurons, from the current number of them to 256.
		#[pallet::call_index(15)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_max_allowed_uids(
			origin: OriginFor<T>,
			netuid: NetUid,
			max_allowed_uids: u16,
		) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			let n = pallet_subtensor::SubnetworkN::<T>::get(netuid);
			ensure!(
				max_allowed_uids >= n,
				Error::<T>::MaxAllowedUIdsLessThanCurrentUIds
			);
			ensure!(
				max_allowed_uids <= MAX_UIDS,
				Error::<T>::MaxAllowedUidsGreaterThanDefaultMaxAllowedUids
			);
			Subtensor::<T>::set_max_allowed_uids(netuid, max_allowed_uids);
			Ok(())
		}

		/// Majority in consensus, out of 65535.
		#[pallet::call_index(16)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_kappa(origin: OriginFor<T>, netuid: NetUid, kappa: u16) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			Subtensor::<T>::set_kappa(netuid, kappa);
			Ok(())
		}

		/// Blocks without new weights after which a validator is inactive.
		#[pallet::call_index(18)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_activity_cutoff(
			origin: OriginFor<T>,
			netuid: NetUid,
			activity_cutoff: u16,
		) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			Subtensor::<T>::set_activity_cutoff(netuid, activity_cutoff);
			Ok(())
		}

		/// Whether neurons may register.
		#[pallet::call_index(19)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_network_registration_allowed(
			origin: OriginFor<T>,
			netuid: NetUid,
			registration_allowed: bool,
		) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			Subtensor::<T>::set_network_registration_allowed(netuid, registration_allowed);
			Ok(())
		}

		/// Neurons past their immunity that a full subnet keeps.
		#[pallet::call_index(84)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_min_non_immune_uids(
			origin: OriginFor<T>,
			netuid: NetUid,
			min: u16,
		) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			Subtensor::<T>::set_min_non_immune_uids(netuid, min);
			Ok(())
		}

		/// Least price of a registration, in rao.
		#[pallet::call_index(22)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_min_burn(
			origin: OriginFor<T>,
			netuid: NetUid,
			min_burn: TaoBalance,
		) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			let max = pallet_subtensor::MaxBurn::<T>::get(netuid);
			ensure!(min_burn <= max, Error::<T>::ValueNotInBounds);
			Subtensor::<T>::set_min_burn(netuid, min_burn);
			Ok(())
		}

		/// Highest price of a registration, in rao.
		#[pallet::call_index(23)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_max_burn(
			origin: OriginFor<T>,
			netuid: NetUid,
			max_burn: TaoBalance,
		) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			let min = pallet_subtensor::MinBurn::<T>::get(netuid);
			ensure!(max_burn >= min, Error::<T>::ValueNotInBounds);
			Subtensor::<T>::set_max_burn(netuid, max_burn);
			Ok(())
		}

		/// Most validators, by stake.
		#[pallet::call_index(25)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_max_allowed_validators(
			origin: OriginFor<T>,
			netuid: NetUid,
			max_allowed_validators: u16,
		) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			let max_uids = pallet_subtensor::MaxAllowedUids::<T>::get(netuid);
			ensure!(
				max_allowed_validators <= max_uids,
				Error::<T>::MaxValidatorsLargerThanMaxUIds
			);
			Subtensor::<T>::set_max_allowed_validators(netuid, max_allowed_validators);
			Ok(())
		}

		/// What a bond keeps of itself at each epoch, in millionths.
		#[pallet::call_index(26)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_bonds_moving_average(
			origin: OriginFor<T>,
			netuid: NetUid,
			bonds_moving_average: u64,
		) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			ensure!(
				bonds_moving_average <= WHOLE,
				Error::<T>::BondsMovingAverageMaxReached
			);
			Subtensor::<T>::set_bonds_moving_average(netuid, bonds_moving_average);
			Ok(())
		}

		/// Blocks between epochs, counted from now; 0 stops them.
		#[pallet::call_index(30)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_tempo(origin: OriginFor<T>, netuid: NetUid, tempo: u16) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			Subtensor::<T>::set_tempo(netuid, tempo);
			Ok(())
		}

		/// Whether weights must be committed before they are revealed.
		#[pallet::call_index(49)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_commit_reveal_weights_enabled(
			origin: OriginFor<T>,
			netuid: NetUid,
			enabled: bool,
		) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			Subtensor::<T>::set_commit_reveal_weights_enabled(netuid, enabled);
			Ok(())
		}

		/// Epochs from a commit of weights to its reveal, 1 to 100.
		#[pallet::call_index(57)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_commit_reveal_weights_interval(
			origin: OriginFor<T>,
			netuid: NetUid,
			interval: u64,
		) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			Subtensor::<T>::set_reveal_period(netuid, interval)
		}

		/// Whether Yuma 3 chooses alpha for each bond.
		#[pallet::call_index(50)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_liquid_alpha_enabled(
			origin: OriginFor<T>,
			netuid: NetUid,
			enabled: bool,
		) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			Subtensor::<T>::set_liquid_alpha_enabled(netuid, enabled);
			Ok(())
		}

		/// Lowest and highest alpha, out of 65535, where liquid alpha is on.
		#[pallet::call_index(51)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_alpha_values(
			origin: OriginFor<T>,
			netuid: NetUid,
			alpha_low: u16,
			alpha_high: u16,
		) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			Subtensor::<T>::set_alpha_values(netuid, alpha_low, alpha_high)
		}

		/// How far weights above consensus are cut for bonds, out of 65535.
		#[pallet::call_index(60)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_bonds_penalty(
			origin: OriginFor<T>,
			netuid: NetUid,
			bonds_penalty: u16,
		) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			Subtensor::<T>::set_bonds_penalty(netuid, bonds_penalty);
			Ok(())
		}

		/// How steep alpha's sigmoid is, in hundredths.
		#[pallet::call_index(68)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_alpha_sigmoid_steepness(
			origin: OriginFor<T>,
			netuid: NetUid,
			steepness: i16,
		) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			Subtensor::<T>::set_alpha_sigmoid_steepness(netuid, steepness);
			Ok(())
		}

		/// Whether Yuma 3 runs, otherwise Yuma 2.
		#[pallet::call_index(69)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_yuma3_enabled(origin: OriginFor<T>, netuid: NetUid, enabled: bool) -> DispatchResult {
			Self::ensure_root_of(origin, netuid)?;
			Subtensor::<T>::set_yuma3_enabled(netuid, enabled);
			Self::deposit_event(Event::Yuma3EnableToggled { netuid, enabled });
			Ok(())
		}

		/// Share of emission that goes to subnet owners, out of 65535.
		#[pallet::call_index(28)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_subnet_owner_cut(origin: OriginFor<T>, subnet_owner_cut: u16) -> DispatchResult {
			ensure_root(origin)?;
			Subtensor::<T>::set_subnet_owner_cut(subnet_owner_cut);
			Ok(())
		}

		/// Stake, in rao, below which a hotkey does not count as a validator.
		#[pallet::call_index(42)]
		#[pallet::weight(hyperparameter_weight::<T>())]
		pub fn sudo_set_stake_threshold(origin: OriginFor<T>, min_stake: u64) -> DispatchResult {
			ensure_root(origin)?;
			Subtensor::<T>::set_stake_threshold(min_stake);
			Ok(())
		}
	}

	impl<T: Config> Pallet<T> {
		fn ensure_root_of(origin: OriginFor<T>, netuid: NetUid) -> DispatchResult {
			ensure_root(origin)?;
			ensure!(
				pallet_subtensor::NetworksAdded::<T>::get(netuid),
				Error::<T>::SubnetDoesNotExist
			);
			Ok(())
		}
	}

	fn hyperparameter_weight<T: Config>() -> (Weight, DispatchClass) {
		(T::DbWeight::get().reads_writes(2, 2), DispatchClass::Operational)
	}
}
