use super::mock::*;
use crate::*;
use frame_support::{assert_noop, assert_ok, pallet_prelude::DispatchResult};
use sp_runtime::traits::{BlakeTwo256, Hash};

/// Blocks in an epoch of these tests.
const TEMPO: u64 = 10;

fn reveal_of(value: u16, salt: u16) -> Reveal {
	Reveal {
		uids: vec![2],
		values: vec![value],
		salt: vec![salt],
		version_key: 0,
	}
}

fn hash_of(reveal: &Reveal) -> CommitHash {
	reveal.hash(&hotkey_of(2), NETUID)
}

fn commit(hash: CommitHash) -> DispatchResult {
	Subtensor::commit_weights(signed(hotkey_of(2)), NETUID, hash)
}

fn reveal(reveal: &Reveal) -> DispatchResult {
	let Reveal {
		uids,
		values,
		salt,
		version_key,
	} = reveal;
	Subtensor::reveal_weights(
		signed(hotkey_of(2)),
		NETUID,
		uids.clone(),
		values.clone(),
		salt.clone(),
		*version_key,
	)
}

fn batch_reveal(reveals: &[&Reveal]) -> DispatchResult {
	Subtensor::batch_reveal_weights(
		signed(hotkey_of(2)),
		NETUID,
		reveals.iter().map(|reveal| reveal.uids.clone()).collect(),
		reveals.iter().map(|reveal| reveal.values.clone()).collect(),
		reveals.iter().map(|reveal| reveal.salt.clone()).collect(),
		reveals.iter().map(|reveal| reveal.version_key).collect(),
	)
}

fn queue() -> Vec<WeightCommit> {
	WeightCommits::<Test>::get(NETUID, hotkey_of(2))
		.unwrap_or_default()
		.into_iter()
		.collect()
}

fn next_epoch() {
	let index = SubnetEpochIndex::<Test>::get(NETUID);
	while SubnetEpochIndex::<Test>::get(NETUID) == index {
		next_block();
	}
}

/// A subnet under commit-reveal where coldkey 2 validates as uid 1, beside the owner and miner 2. An epoch just ran.
fn with_commit_reveal(test: impl FnOnce()) {
	with_subnet(|| {
		register_validator(2, 10);
		register(3);
		Subtensor::set_tempo(NETUID, TEMPO as u16);
		Subtensor::set_commit_reveal_weights_enabled(NETUID, true);
		next_epoch();
		test();
	});
}

#[test]
fn the_hash_is_blake2_over_subtensors_tuple() {
	let reveal = Reveal {
		uids: vec![0, 300],
		values: vec![1, 65_535],
		salt: vec![7],
		version_key: 9,
	};
	let mut bytes = Vec::new();
	bytes.extend(5_u64.to_le_bytes()); // who, a u64 in these tests
	bytes.extend([1, 0]); // storage index
	bytes.extend([2 << 2, 0, 0, 44, 1]); // length 2, uids
	bytes.extend([2 << 2, 1, 0, 255, 255]); // length 2, values
	bytes.extend([1 << 2, 7, 0]); // length 1, salt
	bytes.extend(9_u64.to_le_bytes()); // version key
	assert_eq!(reveal.hash(&5_u64, 1), BlakeTwo256::hash(&bytes));
}

#[test]
fn a_commit_is_queued_with_its_epoch_and_counts_as_the_update() {
	with_commit_reveal(|| {
		let hash = hash_of(&reveal_of(1, 1));
		run_to(System::block_number() + 3);
		let block = System::block_number();
		assert_ok!(commit(hash));
		assert_eq!(queue(), vec![(hash, 1, block, 0)]);
		assert_eq!(LastUpdate::<Test>::get(NETUID)[1], block);
		assert_eq!(
			events().last(),
			Some(&Event::WeightsCommitted(hotkey_of(2), NETUID, hash))
		);
	});
}

#[test]
fn weights_are_revealed_in_the_epoch_of_the_reveal_and_not_before_nor_after() {
	for period in [1, 3] {
		with_commit_reveal(|| {
			assert_ok!(Subtensor::set_reveal_period(NETUID, period));
			let (first, second) = (reveal_of(1, 1), reveal_of(2, 2));
			assert_ok!(commit(hash_of(&first)));
			let block = System::block_number();
			assert_noop!(reveal(&first), Failure::RevealTooEarly);
			for _ in 1..period {
				next_epoch();
				assert_noop!(reveal(&first), Failure::RevealTooEarly);
			}
			next_epoch();
			assert_ok!(reveal(&first));
			assert_eq!(Weights::<Test>::get(NETUID, 1), vec![(2, 65_535)]);
			assert_eq!(
				LastUpdate::<Test>::get(NETUID)[1],
				block,
				"the commit was the update"
			);
			assert_eq!(queue(), vec![]);
			assert_eq!(
				events().last(),
				Some(&Event::WeightsRevealed(hotkey_of(2), NETUID, hash_of(&first)))
			);
			assert_noop!(reveal(&first), Failure::NoWeightsCommitFound);

			assert_ok!(commit(hash_of(&second)));
			for _ in 0..=period {
				next_epoch();
			}
			assert_noop!(reveal(&second), Failure::ExpiredWeightCommit);
			assert_noop!(reveal(&first), Failure::NoWeightsCommitFound);
		});
	}
}

#[test]
fn a_reveal_need_not_wait_for_the_rate_limit() {
	with_commit_reveal(|| {
		WeightsSetRateLimit::<Test>::insert(NETUID, 10 * TEMPO);
		LastUpdate::<Test>::insert(NETUID, vec![0; 3]);
		let first = reveal_of(1, 1);
		assert_ok!(commit(hash_of(&first)));
		next_epoch();
		assert_ok!(reveal(&first));
	});
}

#[test]
fn a_reveal_forgets_the_commits_before_it() {
	with_commit_reveal(|| {
		let reveals: Vec<Reveal> = (1..=3).map(|salt| reveal_of(1, salt)).collect();
		for reveal in &reveals {
			assert_ok!(commit(hash_of(reveal)));
		}
		next_epoch();
		assert_noop!(reveal(&reveal_of(1, 9)), Failure::InvalidRevealCommitHashNotMatch);
		assert_ok!(reveal(&reveals[1]));
		assert_eq!(queue().len(), 1);
		assert_noop!(reveal(&reveals[0]), Failure::InvalidRevealCommitHashNotMatch);
		assert_ok!(reveal(&reveals[2]));
	});
}

#[test]
fn an_expired_commit_beside_a_live_one_is_named_as_such() {
	with_commit_reveal(|| {
		assert_ok!(commit(hash_of(&reveal_of(1, 1))));
		next_epoch();
		assert_ok!(commit(hash_of(&reveal_of(1, 2))));
		next_epoch();
		assert_noop!(reveal(&reveal_of(1, 1)), Failure::ExpiredWeightCommit);
		assert_ok!(commit(hash_of(&reveal_of(1, 3))));
		assert_eq!(queue().len(), 2, "a commit drops those that expired");
	});
}

#[test]
fn a_revealed_row_is_judged_like_any_other() {
	with_commit_reveal(|| {
		let bad = Reveal {
			uids: vec![9],
			..reveal_of(1, 1)
		};
		assert_ok!(commit(hash_of(&bad)));
		next_epoch();
		assert_noop!(reveal(&bad), Failure::UidVecContainInvalidOne);
		assert_eq!(queue().len(), 1);
	});
}

#[test]
fn ten_commits_may_wait() {
	with_commit_reveal(|| {
		for salt in 0..10 {
			assert_ok!(commit(hash_of(&reveal_of(1, salt))));
		}
		assert_noop!(
			commit(hash_of(&reveal_of(1, 10))),
			Failure::TooManyUnrevealedCommits
		);
		next_epoch();
		next_epoch();
		assert_ok!(commit(hash_of(&reveal_of(1, 10))));
		assert_eq!(queue().len(), 1);
	});
}

#[test]
fn each_check_of_a_commit_has_its_error() {
	with_commit_reveal(|| {
		let hash = CommitHash::zero();
		let by = |account, netuid| Subtensor::commit_weights(signed(account), netuid, hash);
		assert_noop!(by(hotkey_of(2), 9), Failure::MechanismDoesNotExist);
		assert_noop!(by(7_777, NETUID), Failure::HotKeyNotRegisteredInSubNet);
		WeightsSetRateLimit::<Test>::insert(NETUID, 5);
		assert_ok!(commit(hash));
		run_to(System::block_number() + 4);
		assert_noop!(commit(hash), Failure::CommittingWeightsTooFast);
		next_block();
		assert_ok!(commit(hash));
		Subtensor::set_stake_threshold(u64::MAX);
		assert_noop!(commit(hash), Failure::NotEnoughStakeToSetWeights);
		Subtensor::set_stake_threshold(0);
		Subtensor::set_commit_reveal_weights_enabled(NETUID, false);
		assert_noop!(commit(hash), Failure::CommitRevealDisabled);
		assert_noop!(reveal(&reveal_of(1, 1)), Failure::CommitRevealDisabled);
		assert_noop!(batch_reveal(&[]), Failure::CommitRevealDisabled);
	});
}

#[test]
fn a_batch_reveals_all_or_none() {
	with_commit_reveal(|| {
		let reveals: Vec<Reveal> = (1..=3).map(|salt| reveal_of(1, salt)).collect();
		for reveal in &reveals {
			assert_ok!(commit(hash_of(reveal)));
		}
		let both = [&reveals[2], &reveals[0]];
		assert_noop!(batch_reveal(&both), Failure::RevealTooEarly);
		next_epoch();
		let unknown = reveal_of(1, 9);
		assert_noop!(
			batch_reveal(&[&reveals[0], &unknown]),
			Failure::InvalidRevealCommitHashNotMatch
		);
		assert_noop!(
			Subtensor::batch_reveal_weights(signed(hotkey_of(2)), NETUID, vec![], vec![], vec![], vec![0]),
			Failure::InputLengthsUnequal
		);
		assert_ok!(batch_reveal(&both));
		let hashes = both.map(hash_of).to_vec();
		assert_eq!(
			events().last(),
			Some(&Event::WeightsBatchRevealed(hotkey_of(2), NETUID, hashes))
		);
		assert_eq!(queue().len(), 1, "the one between them stays");
	});
}

#[test]
fn there_is_one_mechanism() {
	with_commit_reveal(|| {
		let hotkey = || signed(hotkey_of(2));
		let first = reveal_of(1, 1);
		assert_noop!(
			Subtensor::commit_mechanism_weights(hotkey(), NETUID, 1, hash_of(&first)),
			Failure::MechanismDoesNotExist
		);
		assert_ok!(Subtensor::commit_mechanism_weights(
			hotkey(),
			NETUID,
			0,
			hash_of(&first)
		));
		let by = |mecid| {
			Subtensor::reveal_mechanism_weights(hotkey(), NETUID, mecid, vec![2], vec![1], vec![1], 0)
		};
		next_epoch();
		assert_noop!(by(1), Failure::NoWeightsCommitFound);
		assert_ok!(by(0));
		let set = |mecid| Subtensor::set_mechanism_weights(hotkey(), NETUID, mecid, vec![2], vec![3], 0);
		assert_noop!(set(0), Failure::CommitRevealEnabled);
		Subtensor::set_commit_reveal_weights_enabled(NETUID, false);
		assert_noop!(set(1), Failure::MechanismDoesNotExist);
		assert_ok!(set(0));
		assert_eq!(storage_index(7, 2), 2 * 4_096 + 7);
	});
}

#[test]
fn the_epoch_knows_the_first_live_commit_of_each_neuron() {
	with_commit_reveal(|| {
		let block = System::block_number();
		assert_ok!(commit(hash_of(&reveal_of(1, 1))));
		next_block();
		assert_ok!(commit(hash_of(&reveal_of(1, 2))));
		assert_eq!(
			Subtensor::first_commit_blocks(NETUID),
			vec![None, Some(block), None]
		);
		next_epoch();
		assert_eq!(Subtensor::first_commit_blocks(NETUID)[1], Some(block));
		next_epoch();
		assert_eq!(Subtensor::first_commit_blocks(NETUID), vec![None; 3]);
		Subtensor::set_commit_reveal_weights_enabled(NETUID, false);
		assert_eq!(Subtensor::first_commit_blocks(NETUID), vec![]);
	});
}

#[test]
fn a_pruned_neuron_leaves_no_commits() {
	with_commit_reveal(|| {
		assert_ok!(commit(hash_of(&reveal_of(1, 1))));
		Subtensor::set_max_allowed_uids(NETUID, 3);
		ImmunityPeriod::<Test>::insert(NETUID, 1);
		Emission::<Test>::insert(NETUID, vec![0, 0, 5]);
		assert_eq!(register(4), 1);
		assert_eq!(queue(), vec![]);
	});
}
