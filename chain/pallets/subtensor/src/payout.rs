//! Payment of an epoch: pending emission becomes stake.

use crate::*;
use alloc::vec::Vec;
use fixed::types::U96F32;

impl<T: Config> Pallet<T> {
	/// Runs the subnet's epoch over its pending emission and stakes incentives and dividends.
	///
	/// Miners get their incentive. Validators share the validators' pot by dividends; where no miner earned anything
	/// they share both pots, by stake if there are no dividends either (as Subtensor does). Whatever cannot be paid,
	/// because of rounding or because nobody has stake, stays pending for the next epoch.
	pub(crate) fn pay_epoch(netuid: NetUid) {
		let server_pot = PendingServerEmission::<T>::take(netuid);
		let validator_pot = PendingValidatorEmission::<T>::take(netuid);
		let total = server_pot.saturating_add(validator_pot);
		let outcome = Self::epoch(netuid, total);

		let mut left = total;
		let incentives = spend(&mut left, outcome.server_emission);
		let mined = total - left;
		let pot = if mined == 0 {
			total
		} else {
			validator_pot.min(left)
		};
		let dividends = spend(&mut left, split_by(pot, &outcome.validator_emission));

		for (uid, incentive) in (0..).zip(&incentives) {
			Self::pay_incentive(netuid, uid, *incentive);
		}
		for (uid, dividend) in (0..).zip(dividends) {
			if dividend > 0 {
				Self::increase_stake_for_nominators(&Keys::<T>::get(netuid, uid), netuid, dividend);
			}
		}
		let owner_cut = PendingOwnerCut::<T>::take(netuid);
		let owner_hotkey = SubnetOwnerHotkey::<T>::get(netuid);
		Self::increase_stake(&owner_hotkey, &SubnetOwner::<T>::get(netuid), netuid, owner_cut);

		let unpaid_to_miners = left.min(server_pot.saturating_sub(mined));
		PendingServerEmission::<T>::insert(netuid, unpaid_to_miners);
		PendingValidatorEmission::<T>::insert(netuid, left - unpaid_to_miners);
		Self::deposit_event(Event::IncentiveAlphaEmittedToMiners {
			netuid,
			emissions: incentives,
		});
	}

	/// Stakes a miner's incentive for the owner of its hotkey. What the subnet owner's hotkey earns as a miner is
	/// burned, as on Subtensor, so that weight on it is a way to pay nobody.
	fn pay_incentive(netuid: NetUid, uid: u16, amount: AlphaBalance) {
		if amount == 0 {
			return;
		}
		if Self::owner_uid(netuid) == Some(uid) {
			return Self::note_burned(amount);
		}
		let hotkey = Keys::<T>::get(netuid, uid);
		Self::increase_stake(&hotkey, &Owner::<T>::get(&hotkey), netuid, amount);
	}
}

/// Takes the amounts out of `left`, cutting those that it cannot cover.
fn spend(left: &mut AlphaBalance, amounts: Vec<AlphaBalance>) -> Vec<AlphaBalance> {
	let take = |amount: AlphaBalance| {
		let taken = amount.min(*left);
		*left -= taken;
		taken
	};
	amounts.into_iter().map(take).collect()
}

/// Splits `pot` in proportion to `parts`, rounding down in U96F32 like Subtensor's `calculate_dividend_distribution`.
fn split_by(pot: AlphaBalance, parts: &[AlphaBalance]) -> Vec<AlphaBalance> {
	let sum: U96F32 = parts.iter().map(|part| U96F32::from_num(*part)).sum();
	let pot = U96F32::from_num(pot);
	parts
		.iter()
		.map(|part| {
			let share = U96F32::from_num(*part).checked_div(sum).unwrap_or_default();
			pot.saturating_mul(share).to_num()
		})
		.collect()
}
