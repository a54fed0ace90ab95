//! Stake: moving TAO between free balances and hotkeys, and the sums kept beside it.

use crate::*;
use alloc::vec::Vec;
use frame_support::{
	ensure,
	pallet_prelude::DispatchResult,
	traits::{
		fungible::{Inspect, Mutate},
		tokens::{Fortitude, Precision, Preservation},
	},
};

/// Least amount that may be staked at once, in rao, as on Subtensor.
pub const MIN_STAKE: TaoBalance = 2_000_000;

impl<T: Config> Pallet<T> {
	/// Stakes `amount` rao of `coldkey`'s free balance on `hotkey`.
	pub(crate) fn do_add_stake(
		coldkey: &T::AccountId,
		hotkey: &T::AccountId,
		netuid: NetUid,
		amount: TaoBalance,
	) -> DispatchResult {
		Self::ensure_subnet(netuid)?;
		ensure!(amount >= MIN_STAKE, Error::<T>::AmountTooLow);
		ensure!(
			Self::can_spend(coldkey, amount),
			Error::<T>::NotEnoughBalanceToStake
		);
		ensure!(
			Owner::<T>::contains_key(hotkey),
			Error::<T>::HotKeyAccountNotExists
		);
		Self::withdraw(coldkey, amount)?;
		Self::increase_stake(hotkey, coldkey, netuid, amount);
		Self::deposit_event(Event::StakeAdded(
			coldkey.clone(),
			hotkey.clone(),
			amount,
			amount,
			netuid,
			0,
		));
		Ok(())
	}

	/// Returns up to `amount` of `coldkey`'s stake on `hotkey` to its free balance.
	pub(crate) fn do_remove_stake(
		coldkey: &T::AccountId,
		hotkey: &T::AccountId,
		netuid: NetUid,
		amount: AlphaBalance,
	) -> DispatchResult {
		Self::ensure_subnet(netuid)?;
		ensure!(
			Owner::<T>::contains_key(hotkey),
			Error::<T>::HotKeyAccountNotExists
		);
		ensure!(amount > 0, Error::<T>::AmountTooLow);
		let amount = amount.min(Alpha::<T>::get((hotkey, coldkey, netuid)));
		ensure!(amount > 0, Error::<T>::NotEnoughStakeToWithdraw);
		T::Currency::mint_into(coldkey, amount)?;
		Self::decrease_stake(hotkey, coldkey, netuid, amount);
		Self::deposit_event(Event::StakeRemoved(
			coldkey.clone(),
			hotkey.clone(),
			amount,
			amount,
			netuid,
			0,
		));
		Ok(())
	}

	/// True where `coldkey` can part with `amount` and still exist.
	pub(crate) fn can_spend(coldkey: &T::AccountId, amount: TaoBalance) -> bool {
		T::Currency::reducible_balance(coldkey, Preservation::Preserve, Fortitude::Polite) >= amount
	}

	/// Takes `amount` out of the free balance and out of existence.
	pub(crate) fn burn(coldkey: &T::AccountId, amount: TaoBalance) -> DispatchResult {
		Self::withdraw(coldkey, amount)?;
		Self::note_burned(amount);
		Ok(())
	}

	/// Tells the pallet that `amount` rao ceased to exist, such as a fee.
	pub fn note_burned(amount: TaoBalance) {
		TotalIssuance::<T>::mutate(|total| *total = total.saturating_sub(amount));
	}

	/// Takes `amount` out of the free balance; the caller accounts for where it goes.
	fn withdraw(coldkey: &T::AccountId, amount: TaoBalance) -> DispatchResult {
		T::Currency::burn_from(
			coldkey,
			amount,
			Preservation::Preserve,
			Precision::Exact,
			Fortitude::Polite,
		)?;
		Ok(())
	}

	/// Adds stake that the caller took from elsewhere: a free balance, or pending emission.
	pub(crate) fn increase_stake(
		hotkey: &T::AccountId,
		coldkey: &T::AccountId,
		netuid: NetUid,
		amount: AlphaBalance,
	) {
		if amount == 0 {
			return;
		}
		Alpha::<T>::mutate((hotkey, coldkey, netuid), |stake| {
			*stake = stake.saturating_add(amount)
		});
		TotalHotkeyAlpha::<T>::mutate(hotkey, netuid, |stake| *stake = stake.saturating_add(amount));
		TotalStake::<T>::mutate(|total| *total = total.saturating_add(amount));
	}

	/// Removes stake that is there; the caller accounts for where it goes.
	fn decrease_stake(hotkey: &T::AccountId, coldkey: &T::AccountId, netuid: NetUid, amount: AlphaBalance) {
		let less = |stake: &mut Option<AlphaBalance>| {
			*stake = stake
				.map(|held| held.saturating_sub(amount))
				.filter(|left| *left > 0);
		};
		Alpha::<T>::mutate_exists((hotkey, coldkey, netuid), less);
		TotalHotkeyAlpha::<T>::mutate_exists(hotkey, netuid, less);
		TotalStake::<T>::mutate(|total| *total = total.saturating_sub(amount));
	}

	/// Burns `share` out of 65535 of each stake on `hotkey` in a subnet, rounded down; gives back how much that was.
	pub fn burn_stake(hotkey: &T::AccountId, netuid: NetUid, share: u16) -> AlphaBalance {
		let mut burned: AlphaBalance = 0;
		for (coldkey, stake) in Self::stakes_on(hotkey, netuid) {
			// At most the stake, so it fits.
			let part = (u128::from(stake) * u128::from(share) / u128::from(u16::MAX)) as AlphaBalance;
			Self::decrease_stake(hotkey, &coldkey, netuid, part);
			burned = burned.saturating_add(part);
		}
		Self::note_burned(burned);
		burned
	}

	/// Who staked how much on `hotkey` in a subnet.
	fn stakes_on(hotkey: &T::AccountId, netuid: NetUid) -> Vec<(T::AccountId, AlphaBalance)> {
		Alpha::<T>::iter_prefix((hotkey,))
			.filter(|((_, subnet), _)| *subnet == netuid)
			.map(|((coldkey, _), stake)| (coldkey, stake))
			.collect()
	}

	/// Shares `amount` among all who stake on `hotkey`, by stake. What rounding leaves goes to the hotkey's owner,
	/// and so does everything where nobody stakes.
	pub(crate) fn increase_stake_for_nominators(hotkey: &T::AccountId, netuid: NetUid, amount: AlphaBalance) {
		let stakes = Self::stakes_on(hotkey, netuid);
		let total: u128 = stakes.iter().map(|(_, stake)| u128::from(*stake)).sum();
		let mut left = amount;
		for (coldkey, stake) in stakes {
			// At most `amount`, so it fits.
			let share = (u128::from(amount) * u128::from(stake) / total) as AlphaBalance;
			Self::increase_stake(hotkey, &coldkey, netuid, share);
			left -= share;
		}
		Self::increase_stake(hotkey, &Owner::<T>::get(hotkey), netuid, left);
	}
}
