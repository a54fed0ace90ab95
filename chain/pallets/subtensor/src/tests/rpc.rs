use super::mock::*;
use crate::*;
use codec::Compact;
use frame_support::assert_ok;

#[test]
fn the_metagraph_goes_by_uid() {
	with_subnet(|| {
		register_validator(2, 5);
		assert_ok!(Subtensor::serve_axon(
			signed(hotkey_of(2)),
			NETUID,
			1,
			77,
			80,
			4,
			0,
			0,
			0
		));
		run_epoch();
		let metagraph = Subtensor::metagraph(NETUID).expect("it exists");
		assert_eq!(metagraph.num_uids, Compact(2));
		assert_eq!(metagraph.hotkeys, vec![OWNER_HOTKEY, hotkey_of(2)]);
		assert_eq!(metagraph.coldkeys, vec![OWNER, 2]);
		assert_eq!(metagraph.axons[0], AxonInfo::default());
		assert_eq!(metagraph.axons[1].port, 80);
		assert_eq!(metagraph.total_stake, vec![Compact(0), Compact(15 * TAO)]);
		assert_eq!(metagraph.emission, vec![Compact(0), Compact(10 * TAO)]);
		assert_eq!(metagraph.validator_permit, vec![true, true]);
		assert_eq!(metagraph.block, Compact(11));
		assert_eq!(metagraph.last_step, Compact(11));
		assert!(!metagraph.liquid_alpha_enabled && !metagraph.yuma3_enabled);
		assert_eq!(metagraph.alpha_low, Compact(45_875));
		assert_eq!(metagraph.alpha_high, Compact(58_982));
		assert_eq!(metagraph.alpha_sigmoid_steepness, 1_000);
		assert_eq!(metagraph.bonds_penalty, Compact(65_535));
		for length in [
			metagraph.active.len(),
			metagraph.last_update.len(),
			metagraph.dividends.len(),
			metagraph.incentives.len(),
			metagraph.consensus.len(),
			metagraph.validator_trust.len(),
			metagraph.block_at_registration.len(),
		] {
			assert_eq!(length, 2);
		}
	});
}

#[test]
fn a_subnet_that_does_not_exist_has_no_views() {
	at_genesis(|| {
		assert_eq!(Subtensor::metagraph(NETUID), None);
		assert_eq!(Subtensor::next_epoch_start_block(NETUID), None);
	});
}

#[test]
fn the_metagraph_says_which_yuma_runs() {
	with_subnet(|| {
		Subtensor::set_yuma3_enabled(NETUID, true);
		Subtensor::set_alpha_sigmoid_steepness(NETUID, -7);
		assert!(Subtensor::metagraph(NETUID).expect("it exists").yuma3_enabled);
		Subtensor::set_yuma3_enabled(NETUID, false);
		Subtensor::set_liquid_alpha_enabled(NETUID, true);
		assert_ok!(Subtensor::set_alpha_values(NETUID, 2_000, 3_000));
		let metagraph = Subtensor::metagraph(NETUID).expect("it exists");
		assert!(metagraph.liquid_alpha_enabled && !metagraph.yuma3_enabled);
		assert_eq!(metagraph.alpha_low, Compact(2_000));
		assert_eq!(metagraph.alpha_high, Compact(3_000));
		assert_eq!(metagraph.alpha_sigmoid_steepness, -7);
	});
}
