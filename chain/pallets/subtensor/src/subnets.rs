//! Subnets: their creation, and small reads that every part of the pallet needs.

use crate::*;
use alloc::vec::Vec;
use frame_support::{ensure, pallet_prelude::DispatchResult};
use sp_runtime::SaturatedConversion;

/// Subtensor's root network, which this chain does not have.
pub const ROOT: NetUid = 0;
/// The one mechanism that a subnet has.
pub const MAIN_MECHANISM: MechId = 0;
/// Most netuids that Subtensor will ever give.
const MAX_SUBNETS: NetUidStorageIndex = 4_096;
/// Subtensor's "stable" mechanism: alpha is TAO, one to one.
const STABLE_MECHANISM: u16 = 0;

/// Where the weights of a mechanism are stored.
pub fn storage_index(netuid: NetUid, mecid: MechId) -> NetUidStorageIndex {
	NetUidStorageIndex::from(mecid)
		.saturating_mul(MAX_SUBNETS)
		.saturating_add(netuid)
}

impl<T: Config> Pallet<T> {
	/// The block being built, as Subtensor counts blocks.
	pub fn current_block() -> u64 {
		frame_system::Pallet::<T>::block_number().saturated_into()
	}

	/// Subnets, by rising netuid.
	pub fn netuids() -> Vec<NetUid> {
		let mut netuids: Vec<NetUid> = NetworksAdded::<T>::iter()
			.filter(|(_, added)| *added)
			.map(|(netuid, _)| netuid)
			.collect();
		netuids.sort_unstable();
		netuids
	}

	/// Checks that the subnet exists.
	pub fn ensure_subnet(netuid: NetUid) -> DispatchResult {
		ensure!(NetworksAdded::<T>::get(netuid), Error::<T>::SubnetNotExists);
		Ok(())
	}

	/// Checks that the subnet exists and has the mechanism.
	pub fn ensure_mechanism(netuid: NetUid, mecid: MechId) -> DispatchResult {
		ensure!(
			NetworksAdded::<T>::get(netuid) && mecid == MAIN_MECHANISM,
			Error::<T>::MechanismDoesNotExist
		);
		Ok(())
	}

	/// The uid of the subnet's owner, when its hotkey is registered.
	pub fn owner_uid(netuid: NetUid) -> Option<u16> {
		SubnetOwnerHotkey::<T>::try_get(netuid)
			.ok()
			.and_then(|hotkey| Uids::<T>::get(netuid, hotkey))
	}

	/// Creates a subnet with default hyperparameters. `coldkey` burns `NetworkMinLockCost`, becomes the owner, and
	/// `hotkey` becomes neuron 0.
	///
	/// Subtensor locks that TAO in the subnet's pool, raises the price with each subnet, and lets emission begin only
	/// after `start_call`; here the price is constant and emission begins with the next block.
	pub(crate) fn do_register_network(coldkey: &T::AccountId, hotkey: &T::AccountId) -> DispatchResult {
		ensure!(
			Self::may_use_hotkey(coldkey, hotkey),
			Error::<T>::NonAssociatedColdKey
		);
		ensure!(
			TotalNetworks::<T>::get() < SubnetLimit::<T>::get(),
			Error::<T>::SubnetLimitReached
		);
		let cost = NetworkMinLockCost::<T>::get();
		ensure!(Self::can_spend(coldkey, cost), Error::<T>::CannotAffordLockCost);
		Self::burn(coldkey, cost)?;
		Self::associate_hotkey(coldkey, hotkey);

		let netuid = TotalNetworks::<T>::mutate(|count| {
			*count += 1;
			*count
		});
		Self::found_subnet(netuid, coldkey, hotkey);
		Self::append_neuron(netuid, hotkey);
		Self::deposit_event(Event::NetworkAdded(netuid, STABLE_MECHANISM));
		Ok(())
	}

	/// Writes that a subnet exists, and whose it is.
	pub(crate) fn found_subnet(netuid: NetUid, coldkey: &T::AccountId, hotkey: &T::AccountId) {
		let block = Self::current_block();
		NetworksAdded::<T>::insert(netuid, true);
		NetworkRegisteredAt::<T>::insert(netuid, block);
		SubnetMechanism::<T>::insert(netuid, STABLE_MECHANISM);
		SubnetOwner::<T>::insert(netuid, coldkey);
		SubnetOwnerHotkey::<T>::insert(netuid, hotkey);
		let tempo = Tempo::<T>::get(netuid);
		Tempo::<T>::insert(netuid, tempo);
		// Subnets that are born together shall not all have their epochs in one block.
		let stagger = u64::from(netuid % tempo.max(1));
		LastEpochBlock::<T>::insert(netuid, block.saturating_sub(stagger));
	}
}
