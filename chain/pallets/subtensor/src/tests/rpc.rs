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
