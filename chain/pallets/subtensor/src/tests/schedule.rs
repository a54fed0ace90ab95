use super::mock::*;
use crate::*;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

fn epochs() -> u64 {
	SubnetEpochIndex::<Test>::get(NETUID)
}

#[test]
fn an_epoch_can_be_asked_for() {
	with_subnet(|| {
		Subtensor::set_tempo(NETUID, 100);
		let now = System::block_number();
		assert_ok!(Subtensor::trigger_epoch(signed(OWNER), NETUID));
		assert_eq!(
			events().last(),
			Some(&Event::EpochTriggered {
				netuid: NETUID,
				by: OWNER,
				fires_at: now + 10
			})
		);
		assert_eq!(Subtensor::next_epoch_start_block(NETUID), Some(now + 10));
		run_to(now + 9);
		assert_eq!(epochs(), 0);
		next_block();
		assert_eq!(epochs(), 1);
		assert_eq!(PendingEpochAt::<Test>::get(NETUID), 0);
		assert_eq!(Subtensor::next_epoch_start_block(NETUID), Some(now + 110));
	});
}

#[test]
fn an_epoch_is_asked_for_by_the_owner_once_and_in_time() {
	with_subnet(|| {
		Subtensor::set_tempo(NETUID, 9);
		let ask = |account| Subtensor::trigger_epoch(signed(account), NETUID);
		assert_noop!(ask(2), DispatchError::BadOrigin);
		assert_noop!(ask(OWNER), Failure::AutoEpochAlreadyImminent);
		Subtensor::set_tempo(NETUID, 10);
		Subtensor::set_commit_reveal_weights_enabled(NETUID, true);
		assert_noop!(ask(OWNER), Failure::DynamicTempoBlockedByCommitReveal);
		Subtensor::set_commit_reveal_weights_enabled(NETUID, false);
		assert_ok!(ask(OWNER));
		assert_noop!(ask(OWNER), Failure::EpochTriggerAlreadyPending);
	});
}

#[test]
fn an_epoch_comes_at_last_however_long_the_tempo() {
	with_subnet(|| {
		Subtensor::set_tempo(NETUID, 60_000);
		BlocksSinceLastStep::<Test>::insert(NETUID, 50_399);
		next_block();
		assert_eq!(epochs(), 0);
		next_block();
		assert_eq!(epochs(), 1);
		assert_eq!(BlocksSinceLastStep::<Test>::get(NETUID), 0);
	});
}

#[test]
fn a_tempo_of_zero_stops_even_an_epoch_that_was_asked_for() {
	with_subnet(|| {
		Subtensor::set_tempo(NETUID, 0);
		assert_ok!(Subtensor::trigger_epoch(signed(OWNER), NETUID));
		run_to(30);
		assert_eq!(epochs(), 0);
		assert_eq!(Subtensor::next_epoch_start_block(NETUID), None);
	});
}

#[test]
fn a_due_epoch_counts_for_the_calls_of_its_block() {
	with_subnet(|| {
		Subtensor::set_tempo(NETUID, 10);
		assert_eq!(Subtensor::current_epoch_with_lookahead(NETUID), 0);
		System::set_block_number(11); // without the hook that would run it
		assert_eq!(Subtensor::current_epoch_with_lookahead(NETUID), 1);
		next_block();
		assert_eq!(Subtensor::current_epoch_with_lookahead(NETUID), 1);
	});
}
