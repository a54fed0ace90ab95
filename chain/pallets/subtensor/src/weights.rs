//! Setting weights: who may, when, and in what shape.

use crate::{
	epoch::math::{is_max_limited, max_upscale_to_u16},
	subnets::{storage_index, ROOT},
	*,
};
use alloc::{collections::BTreeSet, vec::Vec};
use frame_support::{ensure, pallet_prelude::DispatchResult};

impl<T: Config> Pallet<T> {
	/// Checks in Subtensor's order (`internal_set_weights`), so that a bad call gives the same error on both chains. The
	/// stake is not looked at again: every call that comes here began with that.
	pub(crate) fn do_set_weights(
		hotkey: &T::AccountId,
		netuid: NetUid,
		mecid: MechId,
		uids: &[u16],
		values: &[u16],
		version_key: u64,
	) -> DispatchResult {
		ensure!(netuid != ROOT, Error::<T>::CanNotSetRootNetworkWeights);
		ensure!(uids.len() == values.len(), Error::<T>::WeightVecNotEqualSize);
		Self::ensure_mechanism(netuid, mecid)?;
		let index = storage_index(netuid, mecid);
		let n = SubnetworkN::<T>::get(netuid);
		ensure!(
			uids.len() <= usize::from(n),
			Error::<T>::UidsLengthExceedUidsInSubNet
		);
		let uid = Uids::<T>::get(netuid, hotkey).ok_or(Error::<T>::HotKeyNotRegisteredInSubNet)?;
		// A network key of 0 lets every version pass.
		ensure!(
			version_key >= WeightsVersionKey::<T>::get(netuid),
			Error::<T>::IncorrectWeightVersionKey
		);
		let block = Self::current_block();
		// Under commit-reveal the commit was limited, and it is the commit that counts as the update.
		let by_commit = CommitRevealWeightsEnabled::<T>::get(netuid);
		ensure!(
			by_commit || Self::passes_weights_rate_limit(netuid, uid, block),
			Error::<T>::SettingWeightsTooFast
		);

		let is_self_weight = uids == [uid];
		ensure!(
			is_self_weight || Self::has_permit(netuid, uid) || Self::owner_uid(netuid) == Some(uid),
			Error::<T>::NeuronNoValidatorPermit
		);
		ensure!(
			uids.iter().collect::<BTreeSet<_>>().len() == uids.len(),
			Error::<T>::DuplicateUids
		);
		ensure!(
			uids.iter().all(|uid| *uid < n),
			Error::<T>::UidVecContainInvalidOne
		);
		let least = MinAllowedWeights::<T>::get(netuid).min(n);
		ensure!(
			is_self_weight || values.len() >= usize::from(least),
			Error::<T>::WeightVecLengthIsLow
		);
		let upscaled = max_upscale_to_u16(values);
		let limit = MaxWeightsLimit::<T>::get(netuid);
		ensure!(
			is_self_weight || limit == u16::MAX || is_max_limited(&upscaled, limit),
			Error::<T>::MaxWeightExceeded
		);

		let row: Vec<(u16, u16)> = uids.iter().copied().zip(upscaled).collect();
		Weights::<T>::insert(index, uid, row);
		if !by_commit {
			LastUpdate::<T>::mutate(index, |blocks| registration::set_at(blocks, uid, block));
		}
		Self::deposit_event(Event::WeightsSet(index, uid));
		Ok(())
	}

	/// Lets pass the subnet's owner, and whoever has `StakeThreshold`. Subtensor's dispatch guard (`CheckWeights`) asks that
	/// of every call that has to do with weights, before the call's own checks.
	pub(crate) fn ensure_stake_for_weights(hotkey: &T::AccountId, netuid: NetUid) -> DispatchResult {
		let owner = Self::owner_uid(netuid);
		let is_owner = owner.is_some() && owner == Uids::<T>::get(netuid, hotkey);
		ensure!(
			is_owner || TotalHotkeyAlpha::<T>::get(hotkey, netuid) >= StakeThreshold::<T>::get(),
			Error::<T>::NotEnoughStakeToSetWeights
		);
		Ok(())
	}

	pub(crate) fn passes_weights_rate_limit(netuid: NetUid, uid: u16, block: u64) -> bool {
		let last = LastUpdate::<T>::get(netuid)
			.get(usize::from(uid))
			.copied()
			.unwrap_or_default();
		last == 0 || block.saturating_sub(last) >= WeightsSetRateLimit::<T>::get(netuid)
	}

	fn has_permit(netuid: NetUid, uid: u16) -> bool {
		ValidatorPermit::<T>::get(netuid)
			.get(usize::from(uid))
			.copied()
			.unwrap_or_default()
	}
}
