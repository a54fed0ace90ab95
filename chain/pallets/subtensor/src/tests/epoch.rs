use super::mock::*;
use crate::*;
use frame_support::assert_ok;

/// Validators 2 and 3 (uids 1 and 2), miners 4 and 5 (uids 3 and 4), permits given by a first epoch.
fn with_validators_and_miners(test: impl FnOnce()) {
	with_subnet(|| {
		register_validator(2, 1_000);
		register_validator(3, 1_000);
		register(4);
		register(5);
		run_epoch();
		assert_eq!(
			ValidatorPermit::<Test>::get(NETUID),
			vec![true, true, true, false, false]
		);
		test();
	});
}

#[test]
fn an_epoch_pays_miners_by_weight_and_validators_by_bond() {
	with_validators_and_miners(|| {
		set_weights(2, &[(3, 3), (4, 1)]);
		set_weights(3, &[(3, 3), (4, 1)]);
		let (validator, before) = (staked(2), TotalIssuance::<Test>::get());
		run_epoch();
		let close = |actual: u64, expected: u64| {
			assert!(
				actual.abs_diff(expected) < 200,
				"{actual} is not about {expected}"
			)
		};
		close(staked(4), 5 * TAO * 3 / 4);
		close(staked(5), 5 * TAO / 4);
		close(staked(2) - validator, 5 * TAO / 2);
		close(staked(3) - validator, 5 * TAO / 2);
		assert!(pending() < 200, "rounding leaves {}", pending());
		assert_eq!(TotalIssuance::<Test>::get(), before + 10 * TAO);

		assert_eq!(Incentive::<Test>::get(NETUID), vec![0, 0, 0, 49_151, 16_383]);
		assert_eq!(Dividends::<Test>::get(NETUID), vec![0, 32_767, 32_767, 0, 0]);
		assert_eq!(ValidatorTrust::<Test>::get(NETUID), vec![0, 65_535, 65_535, 0, 0]);
		assert_eq!(Active::<Test>::get(NETUID), vec![true; 5]);
		assert_eq!(Bonds::<Test>::get(NETUID, 1), vec![(3, 65_535), (4, 65_535)]);
		assert!(Bonds::<Test>::get(NETUID, 3).is_empty());
	});
}

#[test]
fn the_event_says_what_each_miner_got() {
	with_validators_and_miners(|| {
		set_weights(2, &[(3, 1)]);
		run_epoch();
		let Some(Event::IncentiveAlphaEmittedToMiners { netuid, emissions }) = events().last().cloned()
		else {
			panic!("the last event is that of the epoch")
		};
		assert_eq!(netuid, NETUID);
		assert_eq!(emissions, vec![0, 0, 0, staked(4), 0]);
	});
}

#[test]
fn nominators_get_their_part_of_dividends() {
	with_validators_and_miners(|| {
		assert_ok!(Subtensor::add_stake(signed(6), hotkey_of(2), NETUID, staked(2)));
		let own = Alpha::<Test>::get((hotkey_of(2), 2, NETUID));
		let nominated = Alpha::<Test>::get((hotkey_of(2), 6, NETUID));
		assert_eq!(own, nominated);
		set_weights(2, &[(3, 1)]);
		run_epoch();
		let own = Alpha::<Test>::get((hotkey_of(2), 2, NETUID)) - own;
		let nominated = Alpha::<Test>::get((hotkey_of(2), 6, NETUID)) - nominated;
		assert!(nominated > 2 * TAO);
		assert!(
			own - nominated <= 1,
			"only the rest of a division goes to the owner"
		);
	});
}

#[test]
fn what_the_subnet_owner_would_mine_is_burned() {
	with_validators_and_miners(|| {
		set_weights(2, &[(0, 1)]);
		set_weights(3, &[(0, 1)]);
		let before = TotalIssuance::<Test>::get();
		run_epoch();
		let burned = before + 10 * TAO - TotalIssuance::<Test>::get();
		assert!(burned.abs_diff(5 * TAO) < 200, "{burned}");
		assert_eq!(TotalHotkeyAlpha::<Test>::get(OWNER_HOTKEY, NETUID), 0);
	});
}

#[test]
fn weights_for_a_pruned_miner_do_not_pay_its_heir() {
	with_validators_and_miners(|| {
		set_weights(2, &[(3, 1), (4, 1)]);
		set_weights(3, &[(3, 1), (4, 1)]);
		run_epoch();
		Subtensor::set_max_allowed_uids(NETUID, 5);
		ImmunityPeriod::<Test>::insert(NETUID, 1);
		Emission::<Test>::insert(NETUID, vec![0, 9, 9, 9, 1]);
		assert_eq!(register(7), 4);
		run_epoch();
		assert_eq!(staked(7), 0);
		assert_eq!(Incentive::<Test>::get(NETUID)[4], 0);
	});
}

#[test]
fn an_inactive_validator_has_no_say() {
	with_validators_and_miners(|| {
		set_weights(2, &[(3, 1)]);
		run_to(System::block_number() + 20);
		set_weights(3, &[(4, 1)]);
		Subtensor::set_activity_cutoff(NETUID, 15);
		run_epoch();
		assert_eq!(
			Active::<Test>::get(NETUID),
			vec![false, false, true, false, false]
		);
		assert_eq!(Incentive::<Test>::get(NETUID), vec![0, 0, 0, 0, 65_535]);
	});
}

#[test]
fn permits_go_to_the_largest_stakes() {
	with_validators_and_miners(|| {
		assert_ok!(Subtensor::add_stake(signed(3), hotkey_of(3), NETUID, TAO));
		Subtensor::set_max_allowed_validators(NETUID, 1);
		run_epoch();
		assert_eq!(
			ValidatorPermit::<Test>::get(NETUID),
			vec![true, false, true, false, false]
		);
	});
}
