//! Registration of neurons, and the choice of whom a full subnet gives up.

use crate::{subnets::ROOT, *};
use alloc::vec::Vec;
use frame_support::{ensure, pallet_prelude::DispatchResult};

impl<T: Config> Pallet<T> {
	/// Registers `hotkey` unless the price is above `limit_price` rao.
	pub(crate) fn do_register_limit(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: &T::AccountId,
		limit_price: TaoBalance,
	) -> DispatchResult {
		ensure!(netuid != ROOT, Error::<T>::RegistrationNotPermittedOnRootSubnet);
		Self::ensure_subnet(netuid)?;
		ensure!(
			Burn::<T>::get(netuid) <= limit_price,
			Error::<T>::RegistrationPriceLimitExceeded
		);
		Self::do_burned_register(coldkey, netuid, hotkey)
	}

	/// Registers `hotkey` for `coldkey`, who burns the subnet's `Burn`. A full subnet gives up its weakest neuron.
	pub(crate) fn do_burned_register(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: &T::AccountId,
	) -> DispatchResult {
		ensure!(netuid != ROOT, Error::<T>::RegistrationNotPermittedOnRootSubnet);
		Self::ensure_subnet(netuid)?;
		ensure!(
			NetworkRegistrationAllowed::<T>::get(netuid),
			Error::<T>::SubNetRegistrationDisabled
		);
		ensure!(
			!Uids::<T>::contains_key(netuid, hotkey),
			Error::<T>::HotKeyAlreadyRegisteredInSubNet
		);
		let price = Burn::<T>::get(netuid);
		ensure!(
			Self::can_spend(coldkey, price),
			Error::<T>::NotEnoughBalanceToStake
		);
		ensure!(
			Self::may_use_hotkey(coldkey, hotkey),
			Error::<T>::NonAssociatedColdKey
		);
		let pruned = if SubnetworkN::<T>::get(netuid) < MaxAllowedUids::<T>::get(netuid) {
			None
		} else {
			Some(Self::neuron_to_prune(netuid).ok_or(Error::<T>::NoNeuronIdAvailable)?)
		};

		Self::burn(coldkey, price)?;
		RAORecycledForRegistration::<T>::mutate(netuid, |total| *total = total.saturating_add(price));
		Self::associate_hotkey(coldkey, hotkey);
		let uid = match pruned {
			Some(uid) => Self::replace_neuron(netuid, uid, hotkey),
			None => Self::append_neuron(netuid, hotkey),
		};
		Self::deposit_event(Event::NeuronRegistered(netuid, uid, hotkey.clone()));
		Ok(())
	}

	/// True where nobody else owns the hotkey.
	pub(crate) fn may_use_hotkey(coldkey: &T::AccountId, hotkey: &T::AccountId) -> bool {
		Owner::<T>::try_get(hotkey).map_or(true, |owner| owner == *coldkey)
	}

	/// Makes `coldkey` the owner of a hotkey that has none.
	pub(crate) fn associate_hotkey(coldkey: &T::AccountId, hotkey: &T::AccountId) {
		if Owner::<T>::contains_key(hotkey) {
			return;
		}
		Owner::<T>::insert(hotkey, coldkey);
		// Hotkeys hold no balance, yet they sign. The reference stays when the neuron is pruned: were the account
		// reaped, its nonce would start again and old transactions could be replayed.
		frame_system::Pallet::<T>::inc_sufficients(hotkey);
	}

	/// The neuron that a full subnet gives up: the one with the least emission, then the oldest, then the lowest uid.
	///
	/// Never one that the owner keeps. One past its immunity goes first, but `MinNonImmuneUids` of those stay; then an
	/// immune one goes.
	pub(crate) fn neuron_to_prune(netuid: NetUid) -> Option<u16> {
		let emission = Emission::<T>::get(netuid);
		let rank = |uid: &u16| {
			let earned = emission.get(usize::from(*uid)).copied().unwrap_or_default();
			(earned, BlockAtRegistration::<T>::get(netuid, uid), *uid)
		};
		let kept = Self::uids_kept_by_owner(netuid);
		let (immune, free): (Vec<u16>, Vec<u16>) = (0..SubnetworkN::<T>::get(netuid))
			.filter(|uid| !kept.contains(uid))
			.partition(|uid| Self::is_immune(netuid, *uid));
		let least_free = usize::from(MinNonImmuneUids::<T>::get(netuid));
		let candidates = if free.len() > least_free { free } else { immune };
		candidates.into_iter().min_by_key(rank)
	}

	/// Uids that are never pruned: the subnet owner's hotkey and the oldest others of its coldkey,
	/// `ImmuneOwnerUidsLimit` together.
	fn uids_kept_by_owner(netuid: NetUid) -> Vec<u16> {
		let coldkey = SubnetOwner::<T>::get(netuid);
		let limit = usize::from(ImmuneOwnerUidsLimit::<T>::get(netuid));
		let mut kept: Vec<u16> = (0..SubnetworkN::<T>::get(netuid))
			.filter(|uid| Owner::<T>::get(Keys::<T>::get(netuid, uid)) == coldkey)
			.collect();
		kept.sort_by_key(|uid| (BlockAtRegistration::<T>::get(netuid, uid), *uid));
		kept.truncate(limit);
		if let Some(owner) = Self::owner_uid(netuid).filter(|uid| !kept.contains(uid)) {
			kept.insert(0, owner);
			kept.truncate(limit);
		}
		kept
	}

	fn is_immune(netuid: NetUid, uid: u16) -> bool {
		let age = Self::current_block().saturating_sub(BlockAtRegistration::<T>::get(netuid, uid));
		age < u64::from(ImmunityPeriod::<T>::get(netuid))
	}

	/// Gives `hotkey` the next uid.
	pub(crate) fn append_neuron(netuid: NetUid, hotkey: &T::AccountId) -> u16 {
		let uid = SubnetworkN::<T>::get(netuid);
		SubnetworkN::<T>::insert(netuid, uid + 1);
		Self::reset_neuron(netuid, uid);
		Self::seat_neuron(netuid, uid, hotkey);
		uid
	}

	/// Gives `hotkey` the uid of another neuron, and forgets what that one did and what was thought of it.
	fn replace_neuron(netuid: NetUid, uid: u16, hotkey: &T::AccountId) -> u16 {
		let old = Keys::<T>::get(netuid, uid);
		Uids::<T>::remove(netuid, &old);
		IsNetworkMember::<T>::remove(&old, netuid);
		Axons::<T>::remove(netuid, &old);
		WeightCommits::<T>::remove(netuid, &old);
		Weights::<T>::remove(netuid, uid);
		Bonds::<T>::remove(netuid, uid);
		for other in 0..SubnetworkN::<T>::get(netuid) {
			Weights::<T>::mutate_exists(netuid, other, |row| zero_column(row, uid));
			Bonds::<T>::mutate_exists(netuid, other, |row| drop_column(row, uid));
		}
		Self::reset_neuron(netuid, uid);
		Self::seat_neuron(netuid, uid, hotkey);
		uid
	}

	fn seat_neuron(netuid: NetUid, uid: u16, hotkey: &T::AccountId) {
		let block = Self::current_block();
		Keys::<T>::insert(netuid, uid, hotkey);
		Uids::<T>::insert(netuid, hotkey, uid);
		IsNetworkMember::<T>::insert(hotkey, netuid, true);
		BlockAtRegistration::<T>::insert(netuid, uid, block);
		LastUpdate::<T>::mutate(netuid, |values| set_at(values, uid, block));
	}

	fn reset_neuron(netuid: NetUid, uid: u16) {
		Active::<T>::mutate(netuid, |values| set_at(values, uid, true));
		Emission::<T>::mutate(netuid, |values| set_at(values, uid, 0));
		Consensus::<T>::mutate(netuid, |values| set_at(values, uid, 0));
		Incentive::<T>::mutate(netuid, |values| set_at(values, uid, 0));
		Dividends::<T>::mutate(netuid, |values| set_at(values, uid, 0));
		ValidatorTrust::<T>::mutate(netuid, |values| set_at(values, uid, 0));
		ValidatorPermit::<T>::mutate(netuid, |values| set_at(values, uid, false));
		StakeWeight::<T>::mutate(netuid, |values| set_at(values, uid, 0));
	}
}

/// Writes one element, growing the vector with defaults where it is too short.
pub(crate) fn set_at<V: Clone + Default>(values: &mut Vec<V>, uid: u16, value: V) {
	let index = usize::from(uid);
	if values.len() <= index {
		values.resize(index + 1, V::default());
	}
	values[index] = value;
}

fn zero_column(row: &mut Option<Vec<(u16, u16)>>, column: u16) {
	for (uid, value) in row.iter_mut().flatten() {
		if *uid == column {
			*value = 0;
		}
	}
}

fn drop_column(row: &mut Option<Vec<(u16, u16)>>, column: u16) {
	if let Some(cells) = row {
		cells.retain(|(uid, _)| *uid != column);
	}
}
