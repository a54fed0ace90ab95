//! Who may commit, how much, and in which bytes.

mod mock;

use crate::*;
use codec::{Decode, Encode};
use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo, pallet_prelude::*};
use mock::*;
use sp_runtime::DispatchError;

fn raw(length: usize) -> Data {
	Data::Raw(vec![7; length].try_into().expect("it is short"))
}

fn info(fields: &[Data]) -> CommitmentInfo {
	CommitmentInfo {
		fields: fields.to_vec().try_into().expect("they are few"),
	}
}

fn commit(fields: &[Data]) -> DispatchResult {
	Commitments::set_commitment(RuntimeOrigin::signed(HOTKEY), NETUID, info(fields))
}

fn used() -> u64 {
	UsedSpaceOf::<Test>::get(NETUID, HOTKEY).map_or(0, |usage| usage.used_space)
}

#[test]
fn a_hotkey_commits_and_replaces_what_it_committed() {
	with_hotkey(|| {
		assert_ok!(commit(&[raw(108)]));
		System::assert_last_event(
			Event::<Test>::Commitment {
				netuid: NETUID,
				who: HOTKEY,
			}
			.into(),
		);
		System::set_block_number(5);
		assert_ok!(commit(&[raw(3), Data::Sha256([1; 32])]));
		let kept = CommitmentOf::<Test>::get(NETUID, HOTKEY).expect("it is there");
		assert_eq!(
			kept,
			Registration {
				deposit: 0,
				block: 5,
				info: info(&[raw(3), Data::Sha256([1; 32])])
			}
		);
		assert_eq!(LastCommitment::<Test>::get(NETUID, HOTKEY), Some(5));
		assert_eq!(used(), 208);
	});
}

#[test]
fn it_costs_nothing() {
	with_hotkey(|| {
		let call = Call::<Test>::set_commitment {
			netuid: NETUID,
			info: info(&[raw(108)]),
		};
		assert_eq!(call.get_dispatch_info().pays_fee, Pays::No);
		let before = Balances::free_balance(HOTKEY);
		assert_ok!(commit(&[raw(108)]));
		assert_eq!(Balances::free_balance(HOTKEY), before);
	});
}

#[test]
fn nobody_else_commits() {
	with_hotkey(|| {
		let by = |origin, netuid| Commitments::set_commitment(origin, netuid, info(&[raw(1)]));
		for (account, netuid) in [(COLDKEY, NETUID), (HOTKEY, NETUID + 1)] {
			assert_noop!(
				by(RuntimeOrigin::signed(account), netuid),
				Failure::AccountNotAllowedCommit
			);
		}
		assert_noop!(by(RuntimeOrigin::root(), NETUID), DispatchError::BadOrigin);
	});
}

#[test]
fn the_space_of_an_epoch_ends() {
	with_hotkey(|| {
		for _ in 0..28 {
			assert_ok!(commit(&[raw(108)]));
		}
		assert_eq!(used(), 28 * 108);
		assert_noop!(commit(&[raw(108)]), Failure::SpaceLimitExceeded);
		pallet_subtensor::SubnetEpochIndex::<Test>::insert(NETUID, 1);
		assert_ok!(commit(&[raw(108)]));
		assert_eq!(used(), 108);
	});
}

#[test]
fn a_small_commitment_takes_the_least_space() {
	with_hotkey(|| {
		for _ in 0..31 {
			assert_ok!(commit(&[raw(1)]));
		}
		assert_eq!(used(), 3_100);
		assert_noop!(commit(&[]), Failure::SpaceLimitExceeded);
	});
}

#[test]
fn every_field_takes_its_bytes() {
	with_hotkey(|| {
		let big = Data::BigRaw(vec![1; 512].try_into().expect("it is short"));
		assert_ok!(commit(&[raw(128), Data::Keccak256([2; 32]), big]));
		assert_eq!(used(), 128 + 32 + 512);
	});
}

#[test]
fn root_sets_the_space() {
	with_hotkey(|| {
		assert_noop!(
			Commitments::set_max_space(RuntimeOrigin::signed(HOTKEY), 100),
			DispatchError::BadOrigin
		);
		assert_ok!(Commitments::set_max_space(RuntimeOrigin::root(), 100));
		assert_noop!(commit(&[raw(101)]), Failure::SpaceLimitExceeded);
		assert_ok!(commit(&[raw(100)]));
	});
}

#[test]
fn what_nothing_could_open_is_refused() {
	with_hotkey(|| {
		let timelocked = Data::TimelockEncrypted {
			encrypted: vec![1].try_into().expect("it is short"),
			reveal_round: 1_000,
		};
		assert_noop!(commit(&[raw(1), timelocked]), Failure::TimelockNotSupported);
	});
}

#[test]
fn bytes_are_those_of_subtensor() {
	let big = || Data::BigRaw(vec![9].try_into().expect("it is short"));
	let timelocked = || Data::TimelockEncrypted {
		encrypted: vec![9].try_into().expect("it is short"),
		reveal_round: 258,
	};
	let hash = |tag: u8| [vec![tag], vec![3; 32]].concat();
	let cases = [
		(Data::None, vec![0]),
		(raw(0), vec![1]),
		(raw(2), vec![3, 7, 7]),
		(raw(108), [vec![109], vec![7; 108]].concat()),
		(raw(128), [vec![129], vec![7; 128]].concat()),
		(Data::BlakeTwo256([3; 32]), hash(130)),
		(Data::Sha256([3; 32]), hash(131)),
		(Data::Keccak256([3; 32]), hash(132)),
		(Data::ShaThree256([3; 32]), hash(133)),
		(timelocked(), vec![134, 4, 9, 2, 1, 0, 0, 0, 0, 0, 0]),
		(Data::ResetBondsFlag, vec![135]),
		(big(), vec![136, 4, 9]),
	];
	for (data, bytes) in cases {
		assert_eq!(data.encode(), bytes);
		assert_eq!(Data::decode(&mut &bytes[..]), Ok(data));
		assert!(bytes.len() == 1 || Data::decode(&mut &bytes[..bytes.len() - 1]).is_err());
	}
	assert!(Data::decode(&mut &[137][..]).is_err());
}

#[test]
fn metadata_tells_the_length_of_plain_data() {
	let scale_info::TypeDef::Variant(known) = Data::type_info().type_def else {
		panic!("it is an enumeration");
	};
	let index = |name: &str| {
		let found = known.variants.iter().find(|variant| variant.name == name);
		found.map(|variant| variant.index)
	};
	assert_eq!(known.variants.len(), 137);
	for length in 0..=128_u8 {
		assert_eq!(index(&format!("Raw{length}")), Some(length + 1));
	}
	for (name, at) in [
		("None", 0),
		("BlakeTwo256", 130),
		("ShaThree256", 133),
		("BigRaw", 136),
	] {
		assert_eq!(index(name), Some(at));
	}
}
