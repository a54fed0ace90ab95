//! What is proof, what is not, and what it costs.

mod mock;

use crate::*;
use frame_support::{assert_noop, assert_ok, dispatch::Pays, pallet_prelude::DispatchResultWithPostInfo};
use mock::*;
use sp_core::H256;
use sp_runtime::DispatchError;

fn report(evidence: Proof) -> DispatchResultWithPostInfo {
	Fraud::report_equivocation(RuntimeOrigin::signed(NOMINATOR), NETUID, evidence)
}

fn with(change: impl FnOnce(&mut Proof)) -> Proof {
	let mut evidence = evidence();
	change(&mut evidence);
	evidence
}

#[test]
fn hashes_are_those_of_the_protocol() {
	let (evidence, vector) = (evidence(), vector());
	let genesis: [u8; 32] = bytes(&vector["genesisHash"]);
	let block: [u8; 32] = bytes(&vector["blockHash"]);
	let challenge = evidence.challenge(&genesis, NETUID, &block);
	assert_eq!(challenge, hash(&vector["challenge"]));
	for (name, opening) in [("first", &evidence.first), ("second", &evidence.second)] {
		assert_eq!(
			evidence.commit_digest(challenge, opening),
			hash(&vector[name]["digest"])
		);
		assert_eq!(
			evidence.commit_message(challenge, opening),
			hash(&vector[name]["message"])
		);
		assert!(evidence.is_signed(challenge, opening));
	}
}

#[test]
fn a_proven_fraud_burns_the_share_of_every_stake() {
	with_miner(|| {
		let issuance = pallet_subtensor::TotalIssuance::<Test>::get();
		let paid = assert_ok_with(report(evidence()));
		assert_eq!(paid, Pays::No);
		let cut = |stake: u64| u64::try_from(u128::from(stake) * 16_384 / 65_535).unwrap();
		let burned = cut(30 * TAO) + cut(10 * TAO);
		assert_eq!(staked_by(COLDKEY), 30 * TAO - cut(30 * TAO));
		assert_eq!(staked_by(NOMINATOR), 10 * TAO - cut(10 * TAO));
		assert_eq!(pallet_subtensor::TotalIssuance::<Test>::get(), issuance - burned);
		let challenge = hash(&vector()["challenge"]);
		assert_eq!(Slashed::<Test>::get(challenge, evidence().miner), Some(9));
		System::assert_last_event(
			Event::<Test>::EquivocationSlashed {
				netuid: NETUID,
				miner: evidence().miner,
				validator: evidence().validator,
				challenge,
				burned,
				reporter: NOMINATOR,
			}
			.into(),
		);
	});
}

fn assert_ok_with(result: DispatchResultWithPostInfo) -> Pays {
	result.expect("it is proof").pays_fee
}

#[test]
fn a_share_of_all_burns_all() {
	with_miner(|| {
		assert_ok!(Fraud::set_slash_share(RuntimeOrigin::root(), NETUID, u16::MAX));
		assert_ok!(report(evidence()));
		assert_eq!((staked_by(COLDKEY), staked_by(NOMINATOR)), (0, 0));
	});
}

#[test]
fn one_fraud_is_slashed_once() {
	with_miner(|| {
		assert_ok!(report(evidence()));
		assert_noop!(report(evidence()), Failure::AlreadySlashed);
		let swapped = with(|evidence| std::mem::swap(&mut evidence.first, &mut evidence.second));
		assert_noop!(report(swapped), Failure::AlreadySlashed);
	});
}

#[test]
fn without_a_share_nobody_is_slashed() {
	with_miner(|| {
		assert_ok!(Fraud::set_slash_share(RuntimeOrigin::root(), NETUID, 0));
		assert_noop!(report(evidence()), Failure::SlashingDisabled);
		let elsewhere = Fraud::report_equivocation(RuntimeOrigin::signed(NOMINATOR), 2, evidence());
		assert_eq!(elsewhere.unwrap_err().error, Failure::SlashingDisabled.into());
	});
}

#[test]
fn one_answer_under_two_salts_is_no_fraud() {
	with_miner(|| {
		let again = opening(&vector()["firstResalted"]);
		assert_noop!(
			report(with(|evidence| evidence.second = again)),
			Failure::SameAnswer
		);
		let same = with(|evidence| evidence.second = evidence.first.clone());
		assert_noop!(report(same), Failure::SameAnswer);
	});
}

#[test]
fn answers_of_another_model_or_class_may_differ() {
	with_miner(|| {
		let model = with(|evidence| evidence.second.model = H256::zero());
		assert_noop!(report(model), Failure::DifferentModelOrClass);
		let class = with(|evidence| evidence.second.execution_class = Default::default());
		assert_noop!(report(class), Failure::DifferentModelOrClass);
	});
}

#[test]
fn whatever_the_miner_did_not_sign_is_no_proof() {
	with_miner(|| {
		let forgeries: [fn(&mut Proof); 11] = [
			|evidence| evidence.second.count += 1,
			|evidence| evidence.second.finish = Finish::Stop,
			|evidence| evidence.second.root.0[0] ^= 1,
			|evidence| evidence.second.salt.0[31] ^= 1,
			|evidence| evidence.second.signature.0[0] ^= 1,
			|evidence| evidence.first.signature.0[63] ^= 1,
			|evidence| evidence.second.signature = evidence.first.signature,
			|evidence| evidence.validator = evidence.miner.clone(),
			|evidence| evidence.miner = evidence.validator.clone(),
			|evidence| evidence.index += 1,
			|evidence| evidence.block = 0,
		];
		for forge in forgeries {
			assert_noop!(report(with(forge)), Failure::BadSignature);
		}
		let both = with(|evidence| {
			evidence.first.model = H256::zero();
			evidence.second.model = H256::zero();
		});
		assert_noop!(report(both), Failure::BadSignature);
	});
}

#[test]
fn evidence_of_one_subnet_or_chain_says_nothing_on_another() {
	with_miner(|| {
		assert_ok!(SubtensorModule::register_network(
			RuntimeOrigin::signed(OWNER),
			[8; 32].into()
		));
		assert_ok!(Fraud::set_slash_share(RuntimeOrigin::root(), 2, 1));
		assert_noop!(
			Fraud::report_equivocation(RuntimeOrigin::signed(NOMINATOR), 2, evidence()),
			Failure::BadSignature
		);
		frame_system::BlockHash::<Test>::insert(0, H256::zero());
		assert_noop!(report(evidence()), Failure::BadSignature);
	});
}

#[test]
fn a_block_that_the_chain_forgot_proves_nothing() {
	with_miner(|| {
		frame_system::BlockHash::<Test>::remove(7);
		assert_noop!(report(evidence()), Failure::BlockNotKnown);
	});
}

#[test]
fn only_root_sets_the_share_of_a_subnet_that_exists() {
	with_miner(|| {
		assert_noop!(
			Fraud::set_slash_share(RuntimeOrigin::signed(OWNER), NETUID, 1),
			DispatchError::BadOrigin
		);
		assert_noop!(
			Fraud::set_slash_share(RuntimeOrigin::root(), 9, 1),
			Failure::SubnetNotExists
		);
	});
}
