use super::mock::*;
use crate::{staking::MIN_STAKE, *};
use frame_support::{assert_noop, assert_ok};

#[test]
fn stake_moves_from_balance_to_hotkey_and_back() {
	with_subnet(|| {
		register(2);
		let (free_before, issuance) = (free(2), TotalIssuance::<Test>::get());
		assert_ok!(Subtensor::add_stake(signed(2), hotkey_of(2), NETUID, 40 * TAO));
		assert_eq!(free(2), free_before - 40 * TAO);
		assert_eq!(staked(2), 40 * TAO);
		assert_eq!(Alpha::<Test>::get((hotkey_of(2), 2, NETUID)), 40 * TAO);
		assert_eq!(TotalStake::<Test>::get(), 40 * TAO);
		assert_eq!(
			events().last(),
			Some(&Event::StakeAdded(2, hotkey_of(2), 40 * TAO, 40 * TAO, NETUID, 0))
		);

		assert_ok!(Subtensor::remove_stake(signed(2), hotkey_of(2), NETUID, 15 * TAO));
		assert_eq!(free(2), free_before - 25 * TAO);
		assert_eq!(staked(2), 25 * TAO);
		assert_eq!(TotalIssuance::<Test>::get(), issuance);
	});
}

#[test]
fn removing_more_than_there_is_removes_all_and_leaves_no_entry() {
	with_subnet(|| {
		register_validator(2, 3);
		assert_ok!(Subtensor::remove_stake(signed(2), hotkey_of(2), NETUID, u64::MAX));
		assert_eq!(TotalStake::<Test>::get(), 0);
		assert_eq!(Alpha::<Test>::iter().count(), 0);
		assert_eq!(TotalHotkeyAlpha::<Test>::iter().count(), 0);
	});
}

#[test]
fn bad_stake_is_refused() {
	with_subnet(|| {
		register(2);
		let add = |netuid, hotkey, amount| Subtensor::add_stake(signed(2), hotkey, netuid, amount);
		assert_noop!(add(9, hotkey_of(2), TAO), Failure::SubnetNotExists);
		assert_noop!(add(NETUID, hotkey_of(2), MIN_STAKE - 1), Failure::AmountTooLow);
		assert_noop!(
			add(NETUID, hotkey_of(2), ENDOWMENT),
			Failure::NotEnoughBalanceToStake
		);
		assert_noop!(add(NETUID, 7_777, TAO), Failure::HotKeyAccountNotExists);
		let remove = |hotkey, amount| Subtensor::remove_stake(signed(2), hotkey, NETUID, amount);
		assert_noop!(remove(7_777, TAO), Failure::HotKeyAccountNotExists);
		assert_noop!(remove(hotkey_of(2), 0), Failure::AmountTooLow);
		assert_noop!(remove(hotkey_of(2), TAO), Failure::NotEnoughStakeToWithdraw);
	});
}

#[test]
fn staking_leaves_the_existential_deposit() {
	with_subnet(|| {
		register(2);
		let all = free(2);
		let stake = |amount| Subtensor::add_stake(signed(2), hotkey_of(2), NETUID, amount);
		assert_noop!(stake(all - 499), Failure::NotEnoughBalanceToStake);
		assert_ok!(stake(all - 500));
		assert_eq!(free(2), 500);
	});
}

#[test]
fn nominators_share_by_stake_and_the_owner_gets_the_rest() {
	with_subnet(|| {
		register_validator(2, 1);
		assert_ok!(Subtensor::add_stake(signed(3), hotkey_of(2), NETUID, 2 * TAO));
		TotalIssuance::<Test>::mutate(|total| *total += 100);
		Subtensor::increase_stake_for_nominators(&hotkey_of(2), NETUID, 100);
		assert_eq!(Alpha::<Test>::get((hotkey_of(2), 3, NETUID)), 2 * TAO + 66);
		assert_eq!(Alpha::<Test>::get((hotkey_of(2), 2, NETUID)), TAO + 34);
	});
}

#[test]
fn without_nominators_the_owner_gets_everything() {
	with_subnet(|| {
		register(2);
		TotalIssuance::<Test>::mutate(|total| *total += 7);
		Subtensor::increase_stake_for_nominators(&hotkey_of(2), NETUID, 7);
		assert_eq!(Alpha::<Test>::get((hotkey_of(2), 2, NETUID)), 7);
	});
}
