//! When epochs run.

use crate::*;
use frame_support::{ensure, pallet_prelude::DispatchResult};
use sp_runtime::DispatchError;

/// Blocks after which an epoch runs whatever the schedule says, in a subnet whose tempo is not 0.
const MAX_TEMPO: u64 = 50_400;

impl<T: Config> Pallet<T> {
	/// True where an epoch was asked for, or `tempo` blocks went by since the last. A tempo of 0 stops epochs.
	pub fn should_run_epoch(netuid: NetUid, block: u64) -> bool {
		let tempo = u64::from(Tempo::<T>::get(netuid));
		if tempo == 0 {
			return false;
		}
		let pending = PendingEpochAt::<T>::get(netuid);
		(pending > 0 && block >= pending)
			|| BlocksSinceLastStep::<T>::get(netuid) > MAX_TEMPO
			|| block.saturating_sub(LastEpochBlock::<T>::get(netuid)) >= tempo
	}

	/// The block of the next epoch; none for a subnet that does not exist or has a tempo of 0.
	pub fn next_epoch_start_block(netuid: NetUid) -> Option<u64> {
		let tempo = u64::from(Tempo::<T>::get(netuid));
		if !NetworksAdded::<T>::get(netuid) || tempo == 0 {
			return None;
		}
		let by_tempo = LastEpochBlock::<T>::get(netuid).saturating_add(tempo);
		let pending = PendingEpochAt::<T>::get(netuid);
		Some(if pending > 0 {
			by_tempo.min(pending)
		} else {
			by_tempo
		})
	}

	/// The epoch that a commit or a reveal in this block belongs to: one more where an epoch is due but did not run yet.
	pub fn current_epoch_with_lookahead(netuid: NetUid) -> u64 {
		let due = Self::should_run_epoch(netuid, Self::current_block());
		SubnetEpochIndex::<T>::get(netuid).saturating_add(u64::from(due))
	}

	/// Schedules an epoch `AdminFreezeWindow` blocks from now, for the subnet's owner. Refused under commit-reveal,
	/// where it would shift the epoch that commits wait for.
	pub(crate) fn do_trigger_epoch(who: &T::AccountId, netuid: NetUid) -> DispatchResult {
		ensure!(SubnetOwner::<T>::get(netuid) == *who, DispatchError::BadOrigin);
		ensure!(
			!CommitRevealWeightsEnabled::<T>::get(netuid),
			Error::<T>::DynamicTempoBlockedByCommitReveal
		);
		ensure!(
			PendingEpochAt::<T>::get(netuid) == 0,
			Error::<T>::EpochTriggerAlreadyPending
		);
		let (now, window) = (Self::current_block(), u64::from(AdminFreezeWindow::<T>::get()));
		ensure!(
			Self::next_epoch_start_block(netuid).is_none_or(|next| next.saturating_sub(now) >= window),
			Error::<T>::AutoEpochAlreadyImminent
		);
		let fires_at = now.saturating_add(window);
		PendingEpochAt::<T>::insert(netuid, fires_at);
		Self::deposit_event(Event::EpochTriggered {
			netuid,
			by: who.clone(),
			fires_at,
		});
		Ok(())
	}
}
