use super::mock::*;
use crate::*;
use frame_support::{assert_noop, assert_ok, pallet_prelude::DispatchResult};

fn set(uids: &[u16], values: &[u16]) -> DispatchResult {
	Subtensor::set_weights(signed(hotkey_of(2)), NETUID, uids.to_vec(), values.to_vec(), 0)
}

/// A subnet where coldkey 2 validates as uid 1, beside the owner and a miner.
fn with_validator(test: impl FnOnce()) {
	with_subnet(|| {
		let uid = register_validator(2, 10);
		register(3);
		ValidatorPermit::<Test>::mutate(NETUID, |permits| permits[usize::from(uid)] = true);
		next_block();
		test();
	});
}

#[test]
fn weights_are_upscaled_and_stored() {
	with_validator(|| {
		assert_ok!(set(&[0, 2], &[1, 2]));
		assert_eq!(Weights::<Test>::get(NETUID, 1), vec![(0, 32_768), (2, 65_535)]);
		assert_eq!(LastUpdate::<Test>::get(NETUID)[1], 2);
		assert_eq!(events().last(), Some(&Event::WeightsSet(NETUID, 1)));
	});
}

#[test]
fn each_check_has_its_error() {
	with_validator(|| {
		let hotkey = || signed(hotkey_of(2));
		assert_noop!(
			Subtensor::set_weights(hotkey(), 0, vec![0], vec![1], 0),
			Failure::CanNotSetRootNetworkWeights
		);
		assert_noop!(set(&[0], &[1, 2]), Failure::WeightVecNotEqualSize);
		assert_noop!(
			Subtensor::set_weights(hotkey(), 9, vec![0], vec![1], 0),
			Failure::MechanismDoesNotExist
		);
		assert_noop!(set(&[0, 1, 2, 3], &[1; 4]), Failure::UidsLengthExceedUidsInSubNet);
		assert_noop!(
			Subtensor::set_weights(signed(7_777), NETUID, vec![0], vec![1], 0),
			Failure::HotKeyNotRegisteredInSubNet
		);
		assert_noop!(set(&[0, 0], &[1, 2]), Failure::DuplicateUids);
		assert_noop!(set(&[0, 3], &[1, 2]), Failure::UidVecContainInvalidOne);
		assert_noop!(set(&[], &[]), Failure::WeightVecLengthIsLow);
	});
}

#[test]
fn the_owner_needs_no_permit_and_others_do() {
	with_validator(|| {
		let by = |account, uid| Subtensor::set_weights(signed(account), NETUID, vec![uid], vec![1], 0);
		assert_noop!(by(hotkey_of(3), 1), Failure::NeuronNoValidatorPermit);
		assert_ok!(by(hotkey_of(3), 2)); // weight on itself alone
		assert_ok!(by(OWNER_HOTKEY, 1));
	});
}

#[test]
fn weights_wait_for_the_rate_limit() {
	with_validator(|| {
		assert_ok!(set(&[2], &[1]));
		WeightsSetRateLimit::<Test>::insert(NETUID, 10);
		run_to(11);
		assert_noop!(set(&[2], &[1]), Failure::SettingWeightsTooFast);
		run_to(12);
		assert_ok!(set(&[2], &[1]));
	});
}

#[test]
fn weights_need_stake_and_the_version() {
	with_validator(|| {
		Subtensor::set_stake_threshold(11 * TAO);
		assert_noop!(set(&[2], &[1]), Failure::NotEnoughStakeToSetWeights);
		Subtensor::set_stake_threshold(10 * TAO);
		Subtensor::set_weights_version_key(NETUID, 7);
		assert_noop!(set(&[2], &[1]), Failure::IncorrectWeightVersionKey);
		assert_ok!(Subtensor::set_weights(
			signed(hotkey_of(2)),
			NETUID,
			vec![2],
			vec![1],
			7
		));
	});
}

#[test]
fn the_owner_needs_no_stake_while_it_is_registered() {
	with_validator(|| {
		Subtensor::set_stake_threshold(u64::MAX);
		let by = |account| Subtensor::set_weights(signed(account), NETUID, vec![1], vec![1], 0);
		assert_ok!(by(OWNER_HOTKEY));
		assert_noop!(by(hotkey_of(2)), Failure::NotEnoughStakeToSetWeights);
		SubnetOwnerHotkey::<Test>::insert(NETUID, 9_999);
		assert_noop!(by(OWNER_HOTKEY), Failure::NotEnoughStakeToSetWeights);
	});
}

#[test]
fn weights_keep_to_number_and_size() {
	with_validator(|| {
		Subtensor::set_min_allowed_weights(NETUID, 2);
		assert_noop!(set(&[2], &[1]), Failure::WeightVecLengthIsLow);
		Subtensor::set_max_weight_limit(NETUID, u16::MAX / 2);
		assert_noop!(set(&[0, 2], &[1, 2]), Failure::MaxWeightExceeded);
		assert_ok!(set(&[1], &[1])); // weight on itself alone is exempt from both
	});
}

#[test]
fn commit_reveal_refuses_plain_weights() {
	with_validator(|| {
		Subtensor::set_commit_reveal_weights_enabled(NETUID, true);
		assert_noop!(set(&[2], &[1]), Failure::CommitRevealEnabled);
	});
}

#[test]
fn the_stake_is_looked_at_before_all_else() {
	with_validator(|| {
		Subtensor::set_stake_threshold(u64::MAX);
		Subtensor::set_commit_reveal_weights_enabled(NETUID, true);
		for (account, netuid) in [(hotkey_of(2), NETUID), (7_777, NETUID), (7_777, 9)] {
			for result in weight_calls(account, netuid) {
				assert_eq!(result, Err(Failure::NotEnoughStakeToSetWeights.into()));
			}
		}
		// The owner comes as far as the checks after it.
		let [set, set_mechanism, reveal, reveal_mechanism, batch] = weight_calls(OWNER_HOTKEY, NETUID);
		for result in [set, set_mechanism] {
			assert_eq!(result, Err(Failure::CommitRevealEnabled.into()));
		}
		for result in [reveal, reveal_mechanism, batch] {
			assert_eq!(result, Err(Failure::NoWeightsCommitFound.into()));
		}
	});
}

/// The calls that end in weights, each with lists that do not fit each other.
fn weight_calls(account: u64, netuid: u16) -> [DispatchResult; 5] {
	let by = || signed(account);
	[
		Subtensor::set_weights(by(), netuid, vec![0], vec![], 0),
		Subtensor::set_mechanism_weights(by(), netuid, 1, vec![0], vec![], 0),
		Subtensor::reveal_weights(by(), netuid, vec![0], vec![], vec![], 0),
		Subtensor::reveal_mechanism_weights(by(), netuid, 0, vec![0], vec![], vec![], 0),
		Subtensor::batch_reveal_weights(by(), netuid, vec![vec![0]], vec![vec![]], vec![vec![]], vec![0]),
	]
}
