//! Subnets, neurons, stake, weights and Yuma consensus, as Subtensor (spec 425) names and types them.
//!
//! Names, argument types, call indices, events and errors are Subtensor's, so that one client serves both. What the
//! pallet leaves out or does more simply is listed in `docs/adr/0001-own-frame-runtime.md`; the largest difference
//! is that there is one token: alpha of every subnet is TAO, one to one.
//!
//! After every call and every block:
//!
//! ```text
//! TotalIssuance = Currency::total_issuance + TotalStake + Σ Pending*
//! TotalStake    = Σ TotalHotkeyAlpha = Σ Alpha
//! ```

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod coinbase;
mod commit_reveal;
pub mod epoch;
mod errors;
mod events;
pub mod genesis;
mod hyperparameters;
mod payout;
mod registration;
pub mod rpc;
mod schedule;
mod serving;
mod staking;
mod storage;
mod subnets;
#[cfg(test)]
mod tests;
mod types;
mod weights;

pub use commit_reveal::Reveal;
pub use pallet::*;
pub use subnets::{storage_index, MAIN_MECHANISM};
pub use types::*;

use frame_support::pallet_macros::import_section;

#[import_section(errors::errors)]
#[import_section(events::events)]
#[import_section(storage::storage)]
#[frame_support::pallet]
pub mod pallet {
	use crate::{commit_reveal::Reveal, genesis::GenesisSubnets, subnets::MAIN_MECHANISM, types::*};
	use alloc::vec::Vec;
	use frame_support::{
		pallet_prelude::*,
		traits::{fungible::Mutate, ConstBool, ConstI16, ConstU16, ConstU64},
	};
	use frame_system::pallet_prelude::*;
	use sp_runtime::traits::TrailingZeroInput;

	#[pallet::pallet]
	#[pallet::without_storage_info]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// Free balances, in rao. Staked TAO leaves it (is burned there) and comes back when it is unstaked.
		type Currency: Mutate<Self::AccountId, Balance = TaoBalance>;
	}

	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// Subnets that are there from the start, numbered from 1 in order.
		pub subnets: GenesisSubnets<T::AccountId>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		/// The pallet of the balances must be built before this one.
		fn build(&self) {
			Pallet::<T>::build_genesis(&self.subnets);
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_initialize(_block: BlockNumberFor<T>) -> Weight {
			Self::block_step()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Publishes the caller's weights over the neurons of a subnet. Signed by the hotkey; free of fees.
		///
		/// `dests` are uids, `weights` their relative values (any scale, upscaled so that the largest is 65535).
		#[pallet::call_index(0)]
		#[pallet::weight((T::DbWeight::get().reads_writes(12, 2), DispatchClass::Normal, Pays::No))]
		pub fn set_weights(
			origin: OriginFor<T>,
			netuid: NetUid,
			dests: Vec<u16>,
			weights: Vec<u16>,
			version_key: u64,
		) -> DispatchResult {
			let hotkey = ensure_signed(origin)?;
			Self::ensure_stake_for_weights(&hotkey, netuid)?;
			ensure!(
				!CommitRevealWeightsEnabled::<T>::get(netuid),
				Error::<T>::CommitRevealEnabled
			);
			Self::do_set_weights(&hotkey, netuid, MAIN_MECHANISM, &dests, &weights, version_key)
		}

		/// Moves `amount_staked` rao from the caller (a coldkey) to stake on `hotkey` in a subnet.
		#[pallet::call_index(2)]
		#[pallet::weight(T::DbWeight::get().reads_writes(8, 5))]
		pub fn add_stake(
			origin: OriginFor<T>,
			hotkey: T::AccountId,
			netuid: NetUid,
			amount_staked: TaoBalance,
		) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_add_stake(&coldkey, &hotkey, netuid, amount_staked)
		}

		/// Moves stake back to the caller's free balance. More than there is means all of it, as on Subtensor.
		#[pallet::call_index(3)]
		#[pallet::weight(T::DbWeight::get().reads_writes(8, 5))]
		pub fn remove_stake(
			origin: OriginFor<T>,
			hotkey: T::AccountId,
			netuid: NetUid,
			amount_unstaked: AlphaBalance,
		) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_remove_stake(&coldkey, &hotkey, netuid, amount_unstaked)
		}

		/// Publishes where the caller's miner or validator can be reached. Signed by the hotkey; free of fees.
		#[pallet::call_index(4)]
		#[pallet::weight((T::DbWeight::get().reads_writes(4, 1), DispatchClass::Normal, Pays::No))]
		#[allow(clippy::too_many_arguments)] // Subtensor's signature
		pub fn serve_axon(
			origin: OriginFor<T>,
			netuid: NetUid,
			version: u32,
			ip: u128,
			port: u16,
			ip_type: u8,
			protocol: u8,
			placeholder1: u8,
			placeholder2: u8,
		) -> DispatchResult {
			let hotkey = ensure_signed(origin)?;
			let block = Self::current_block();
			Self::do_serve_axon(
				&hotkey,
				netuid,
				AxonInfo {
					block,
					version,
					ip,
					port,
					ip_type,
					protocol,
					placeholder1,
					placeholder2,
				},
			)
		}

		/// Registers `hotkey` on a subnet for the caller (its coldkey), who burns the subnet's `Burn`.
		#[pallet::call_index(7)]
		#[pallet::weight(T::DbWeight::get().reads_writes(20, 20))]
		pub fn burned_register(origin: OriginFor<T>, netuid: NetUid, hotkey: T::AccountId) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_burned_register(&coldkey, netuid, &hotkey)
		}

		/// As `burned_register`, but refused where the price is above `limit_price` rao.
		#[pallet::call_index(134)]
		#[pallet::weight(T::DbWeight::get().reads_writes(20, 20))]
		pub fn register_limit(
			origin: OriginFor<T>,
			netuid: NetUid,
			hotkey: T::AccountId,
			limit_price: u64,
		) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_register_limit(&coldkey, netuid, &hotkey, limit_price)
		}

		/// Creates a subnet owned by the caller, with `hotkey` as its first neuron. Burns `NetworkMinLockCost`.
		#[pallet::call_index(59)]
		#[pallet::weight(T::DbWeight::get().reads_writes(12, 24))]
		pub fn register_network(origin: OriginFor<T>, hotkey: T::AccountId) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_register_network(&coldkey, &hotkey)
		}

		/// Commits a hash of weights, to be revealed `RevealPeriodEpochs` epochs later. Signed by the hotkey; free of fees.
		#[pallet::call_index(96)]
		#[pallet::weight((T::DbWeight::get().reads_writes(10, 2), DispatchClass::Normal, Pays::No))]
		pub fn commit_weights(
			origin: OriginFor<T>,
			netuid: NetUid,
			commit_hash: CommitHash,
		) -> DispatchResult {
			let hotkey = ensure_signed(origin)?;
			Self::do_commit_weights(&hotkey, netuid, MAIN_MECHANISM, commit_hash)
		}

		/// Reveals committed weights, in the one epoch that is theirs. Signed by the hotkey; free of fees.
		///
		/// The commit is the Blake2b-256 hash of SCALE of (hotkey, storage index, uids, values, salt, version key).
		#[pallet::call_index(97)]
		#[pallet::weight((T::DbWeight::get().reads_writes(16, 3), DispatchClass::Normal, Pays::No))]
		pub fn reveal_weights(
			origin: OriginFor<T>,
			netuid: NetUid,
			uids: Vec<u16>,
			values: Vec<u16>,
			salt: Vec<u16>,
			version_key: u64,
		) -> DispatchResult {
			let hotkey = ensure_signed(origin)?;
			let reveal = Reveal {
				uids,
				values,
				salt,
				version_key,
			};
			Self::do_reveal_weights(&hotkey, netuid, MAIN_MECHANISM, &reveal)
		}

		/// Reveals several commits, all or none; the last one's weights stay. Signed by the hotkey; free of fees.
		#[pallet::call_index(98)]
		#[pallet::weight((T::DbWeight::get().reads_writes(40, 12), DispatchClass::Normal, Pays::No))]
		pub fn batch_reveal_weights(
			origin: OriginFor<T>,
			netuid: NetUid,
			uids_list: Vec<Vec<u16>>,
			values_list: Vec<Vec<u16>>,
			salts_list: Vec<Vec<u16>>,
			version_keys: Vec<u64>,
		) -> DispatchResult {
			let count = uids_list.len();
			ensure!(
				[values_list.len(), salts_list.len(), version_keys.len()] == [count; 3],
				Error::<T>::InputLengthsUnequal
			);
			let hotkey = ensure_signed(origin)?;
			let lists = uids_list
				.into_iter()
				.zip(values_list)
				.zip(salts_list)
				.zip(version_keys);
			let reveals: Vec<Reveal> = lists
				.map(|(((uids, values), salt), version_key)| Reveal {
					uids,
					values,
					salt,
					version_key,
				})
				.collect();
			Self::do_batch_reveal_weights(&hotkey, netuid, &reveals)
		}

		/// `commit_weights` for a mechanism; there is only number 0.
		#[pallet::call_index(115)]
		#[pallet::weight((T::DbWeight::get().reads_writes(10, 2), DispatchClass::Normal, Pays::No))]
		pub fn commit_mechanism_weights(
			origin: OriginFor<T>,
			netuid: NetUid,
			mecid: MechId,
			commit_hash: CommitHash,
		) -> DispatchResult {
			let hotkey = ensure_signed(origin)?;
			Self::do_commit_weights(&hotkey, netuid, mecid, commit_hash)
		}

		/// `reveal_weights` for a mechanism; there is only number 0.
		#[pallet::call_index(116)]
		#[pallet::weight((T::DbWeight::get().reads_writes(16, 3), DispatchClass::Normal, Pays::No))]
		pub fn reveal_mechanism_weights(
			origin: OriginFor<T>,
			netuid: NetUid,
			mecid: MechId,
			uids: Vec<u16>,
			values: Vec<u16>,
			salt: Vec<u16>,
			version_key: u64,
		) -> DispatchResult {
			let hotkey = ensure_signed(origin)?;
			let reveal = Reveal {
				uids,
				values,
				salt,
				version_key,
			};
			Self::do_reveal_weights(&hotkey, netuid, mecid, &reveal)
		}

		/// `set_weights` for a mechanism; there is only number 0.
		#[pallet::call_index(119)]
		#[pallet::weight((T::DbWeight::get().reads_writes(12, 2), DispatchClass::Normal, Pays::No))]
		pub fn set_mechanism_weights(
			origin: OriginFor<T>,
			netuid: NetUid,
			mecid: MechId,
			dests: Vec<u16>,
			weights: Vec<u16>,
			version_key: u64,
		) -> DispatchResult {
			let hotkey = ensure_signed(origin)?;
			Self::ensure_stake_for_weights(&hotkey, netuid)?;
			ensure!(
				!CommitRevealWeightsEnabled::<T>::get(netuid),
				Error::<T>::CommitRevealEnabled
			);
			Self::do_set_weights(&hotkey, netuid, mecid, &dests, &weights, version_key)
		}

		/// Asks for an epoch in `AdminFreezeWindow` blocks. Signed by the subnet's owner.
		#[pallet::call_index(141)]
		#[pallet::weight(T::DbWeight::get().reads_writes(6, 1))]
		pub fn trigger_epoch(origin: OriginFor<T>, netuid: NetUid) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_trigger_epoch(&coldkey, netuid)
		}
	}
}
