use super::mock::*;
use crate::*;
use frame_support::assert_ok;

#[test]
fn each_block_mints_its_emission_and_halves_it() {
	with_subnet(|| {
		let before = TotalIssuance::<Test>::get();
		run_to(4);
		assert_eq!(TotalIssuance::<Test>::get(), before + 3 * TAO);
		assert_eq!(PendingServerEmission::<Test>::get(NETUID), 3 * TAO / 2);
		assert_eq!(PendingValidatorEmission::<Test>::get(NETUID), 3 * TAO / 2);
	});
}

#[test]
fn subnets_share_evenly_to_the_rao() {
	with_subnet(|| {
		assert_ok!(Subtensor::register_network(signed(2), 1_002));
		assert_ok!(Subtensor::register_network(signed(3), 1_003));
		next_block();
		let pots: Vec<u64> = (1..=3)
			.map(|netuid| {
				PendingServerEmission::<Test>::get(netuid) + PendingValidatorEmission::<Test>::get(netuid)
			})
			.collect();
		assert_eq!(pots, vec![333_333_334, 333_333_333, 333_333_333]);
	});
}

#[test]
fn the_owner_cut_is_staked_to_the_owner() {
	with_subnet(|| {
		Subtensor::set_subnet_owner_cut(11_796);
		run_epoch();
		let cut = u64::try_from(u128::from(TAO) * 11_796 / 65_535).unwrap();
		assert_eq!(TotalHotkeyAlpha::<Test>::get(OWNER_HOTKEY, NETUID), 10 * cut);
		assert_eq!(PendingOwnerCut::<Test>::get(NETUID), 0);
	});
}

#[test]
fn epochs_come_every_tempo() {
	with_subnet(|| {
		run_to(3);
		Subtensor::set_tempo(NETUID, 4);
		assert_eq!(Subtensor::next_epoch_start_block(NETUID), Some(7));
		run_to(6);
		assert_eq!(SubnetEpochIndex::<Test>::get(NETUID), 0);
		assert_eq!(BlocksSinceLastStep::<Test>::get(NETUID), 5);
		run_to(7);
		assert_eq!(SubnetEpochIndex::<Test>::get(NETUID), 1);
		assert_eq!(BlocksSinceLastStep::<Test>::get(NETUID), 0);
		assert_eq!(LastMechansimStepBlock::<Test>::get(NETUID), 7);
		run_to(15);
		assert_eq!(SubnetEpochIndex::<Test>::get(NETUID), 3);
	});
}

#[test]
fn a_tempo_of_zero_stops_epochs_but_not_emission() {
	with_subnet(|| {
		Subtensor::set_tempo(NETUID, 0);
		run_to(500);
		assert_eq!(SubnetEpochIndex::<Test>::get(NETUID), 0);
		assert_eq!(Subtensor::next_epoch_start_block(NETUID), None);
		assert_eq!(pending(), 499 * TAO);
	});
}

#[test]
fn without_stake_emission_stays_pending() {
	with_subnet(|| {
		register(2);
		run_epoch();
		assert_eq!(SubnetEpochIndex::<Test>::get(NETUID), 1);
		assert_eq!(TotalStake::<Test>::get(), 0);
		assert_eq!(PendingServerEmission::<Test>::get(NETUID), 5 * TAO);
		assert_eq!(PendingValidatorEmission::<Test>::get(NETUID), 5 * TAO);
	});
}

#[test]
fn without_weights_stake_earns_everything() {
	with_subnet(|| {
		register_validator(2, 30);
		register_validator(3, 10);
		run_epoch();
		assert_eq!(staked(2), 30 * TAO + 15 * TAO / 2);
		assert_eq!(staked(3), 10 * TAO + 5 * TAO / 2);
		assert_eq!(pending(), 0);
	});
}
