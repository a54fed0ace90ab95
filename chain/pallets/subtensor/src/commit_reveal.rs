//! Hash commit-reveal: weights are committed as a hash, and revealed when others can no longer copy them in time.

use crate::*;
use alloc::vec::Vec;
use frame_support::{ensure, pallet_prelude::DispatchResult};
use sp_runtime::traits::{BlakeTwo256, Hash};

/// Most commits that a hotkey may hold unrevealed.
const MAX_UNREVEALED: usize = 10;

/// Weights as they are revealed.
pub struct Reveal {
	pub uids: Vec<u16>,
	pub values: Vec<u16>,
	pub salt: Vec<u16>,
	pub version_key: u64,
}

impl Reveal {
	/// Blake2b-256 over SCALE of (who, storage index, uids, values, salt, version key).
	pub fn hash<AccountId: codec::Encode>(&self, who: &AccountId, index: NetUidStorageIndex) -> CommitHash {
		BlakeTwo256::hash_of(&(who, index, &self.uids, &self.values, &self.salt, self.version_key))
	}
}

impl<T: Config> Pallet<T> {
	/// Queues a hash of weights for the epoch at hand. Counts as an update of the weights.
	pub(crate) fn do_commit_weights(
		who: &T::AccountId,
		netuid: NetUid,
		mecid: MechId,
		hash: CommitHash,
	) -> DispatchResult {
		Self::ensure_stake_for_weights(who, netuid)?;
		Self::ensure_mechanism(netuid, mecid)?;
		let index = storage_index(netuid, mecid);
		ensure!(
			CommitRevealWeightsEnabled::<T>::get(netuid),
			Error::<T>::CommitRevealDisabled
		);
		let uid = Uids::<T>::get(netuid, who).ok_or(Error::<T>::HotKeyNotRegisteredInSubNet)?;
		let block = Self::current_block();
		ensure!(
			Self::passes_weights_rate_limit(netuid, uid, block),
			Error::<T>::CommittingWeightsTooFast
		);

		let mut commits = WeightCommits::<T>::get(index, who).unwrap_or_default();
		Self::drop_expired(netuid, &mut commits);
		ensure!(
			commits.len() < MAX_UNREVEALED,
			Error::<T>::TooManyUnrevealedCommits
		);
		commits.push_back((hash, Self::current_epoch_with_lookahead(netuid), block, 0));
		WeightCommits::<T>::insert(index, who, commits);
		LastUpdate::<T>::mutate(index, |blocks| registration::set_at(blocks, uid, block));
		Self::deposit_event(Event::WeightsCommitted(who.clone(), index, hash));
		Ok(())
	}

	/// Sets the weights of a commit whose epoch has come, and forgets the commits before it.
	pub(crate) fn do_reveal_weights(
		who: &T::AccountId,
		netuid: NetUid,
		mecid: MechId,
		reveal: &Reveal,
	) -> DispatchResult {
		Self::ensure_stake_for_weights(who, netuid)?;
		let index = storage_index(netuid, mecid);
		let (mut commits, expired) = Self::live_commits(who, netuid, index)?;
		let hash = reveal.hash(who, index);
		let position = Self::position_of(hash, &commits, &expired).map_err(|error| {
			if matches!(error, Error::InvalidRevealCommitHashNotMatch) && commits.is_empty() {
				Error::<T>::NoWeightsCommitFound
			} else {
				error
			}
		})?;
		ensure!(
			Self::is_reveal_epoch(netuid, commits[position].1),
			Error::<T>::RevealTooEarly
		);
		commits.drain(..=position);
		Self::do_set_weights(
			who,
			netuid,
			mecid,
			&reveal.uids,
			&reveal.values,
			reveal.version_key,
		)?;
		Self::keep_commits(index, who, commits);
		Self::deposit_event(Event::WeightsRevealed(who.clone(), index, hash));
		Ok(())
	}

	/// Reveals several commits of mechanism 0, all or none. Each is judged before any is set; others stay queued.
	pub(crate) fn do_batch_reveal_weights(
		who: &T::AccountId,
		netuid: NetUid,
		reveals: &[Reveal],
	) -> DispatchResult {
		Self::ensure_stake_for_weights(who, netuid)?;
		let index = storage_index(netuid, MAIN_MECHANISM);
		let (mut commits, expired) = Self::live_commits(who, netuid, index)?;
		let hashes: Vec<CommitHash> = reveals.iter().map(|reveal| reveal.hash(who, index)).collect();
		for hash in &hashes {
			let position = Self::position_of(*hash, &commits, &expired)?;
			ensure!(
				Self::is_reveal_epoch(netuid, commits[position].1),
				Error::<T>::RevealTooEarly
			);
		}
		for (reveal, hash) in reveals.iter().zip(&hashes) {
			// A hash that is given twice was committed once, perhaps.
			let position = Self::position_of(*hash, &commits, &expired)?;
			commits.remove(position);
			Self::do_set_weights(
				who,
				netuid,
				MAIN_MECHANISM,
				&reveal.uids,
				&reveal.values,
				reveal.version_key,
			)?;
		}
		Self::keep_commits(index, who, commits);
		Self::deposit_event(Event::WeightsBatchRevealed(who.clone(), netuid, hashes));
		Ok(())
	}

	/// The block of the first commit of each uid that can still be revealed; none where there is none. Empty where
	/// commit-reveal is off.
	pub(crate) fn first_commit_blocks(netuid: NetUid) -> Vec<Option<u64>> {
		if !CommitRevealWeightsEnabled::<T>::get(netuid) {
			return Vec::new();
		}
		let first = |uid| {
			WeightCommits::<T>::get(netuid, Keys::<T>::get(netuid, uid))?
				.iter()
				.find(|(_, epoch, ..)| !Self::is_commit_expired(netuid, *epoch))
				.map(|(_, _, block, _)| *block)
		};
		(0..SubnetworkN::<T>::get(netuid)).map(first).collect()
	}

	/// The hotkey's commits in order, and the hashes of those that are too old.
	fn live_commits(
		who: &T::AccountId,
		netuid: NetUid,
		index: NetUidStorageIndex,
	) -> Result<(WeightCommitQueue, Vec<CommitHash>), Error<T>> {
		ensure!(
			CommitRevealWeightsEnabled::<T>::get(netuid),
			Error::<T>::CommitRevealDisabled
		);
		let mut commits = WeightCommits::<T>::get(index, who).ok_or(Error::<T>::NoWeightsCommitFound)?;
		let expired = Self::drop_expired(netuid, &mut commits);
		Ok((commits, expired))
	}

	fn position_of(
		hash: CommitHash,
		commits: &WeightCommitQueue,
		expired: &[CommitHash],
	) -> Result<usize, Error<T>> {
		let found = commits.iter().position(|(committed, ..)| *committed == hash);
		found.ok_or(if expired.contains(&hash) {
			Error::<T>::ExpiredWeightCommit
		} else {
			Error::<T>::InvalidRevealCommitHashNotMatch
		})
	}

	fn drop_expired(netuid: NetUid, commits: &mut WeightCommitQueue) -> Vec<CommitHash> {
		let live = commits
			.iter()
			.position(|(_, epoch, ..)| !Self::is_commit_expired(netuid, *epoch))
			.unwrap_or(commits.len());
		commits.drain(..live).map(|(hash, ..)| hash).collect()
	}

	fn keep_commits(index: NetUidStorageIndex, who: &T::AccountId, commits: WeightCommitQueue) {
		WeightCommits::<T>::set(index, who, Some(commits).filter(|left| !left.is_empty()));
	}

	fn is_reveal_epoch(netuid: NetUid, commit_epoch: u64) -> bool {
		Self::current_epoch_with_lookahead(netuid) == Self::reveal_epoch(netuid, commit_epoch)
	}

	fn is_commit_expired(netuid: NetUid, commit_epoch: u64) -> bool {
		Self::current_epoch_with_lookahead(netuid) > Self::reveal_epoch(netuid, commit_epoch)
	}

	fn reveal_epoch(netuid: NetUid, commit_epoch: u64) -> u64 {
		commit_epoch.saturating_add(RevealPeriodEpochs::<T>::get(netuid))
	}
}
