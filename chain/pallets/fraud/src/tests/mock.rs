//! A runtime with the pallet, at a block where the vector's challenge can be judged, and the vector itself.

use crate::{self as pallet_fraud, *};
use frame_support::{
	assert_ok, derive_impl,
	traits::{fungible::Inspect, ConstU64},
};
use sp_core::{crypto::AccountId32, sr25519, H256};
use sp_runtime::{traits::IdentityLookup, BuildStorage};

pub type AccountId = AccountId32;
pub type Proof = Evidence<AccountId, u64>;
pub type Failure = crate::Error<Test>;

pub const TAO: u64 = 1_000_000_000;
pub const NETUID: u16 = 1;
pub const OWNER: AccountId = AccountId32::new([1; 32]);
/// The coldkey of the miner.
pub const COLDKEY: AccountId = AccountId32::new([2; 32]);
pub const NOMINATOR: AccountId = AccountId32::new([3; 32]);

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeHoldReason,
		RuntimeFreezeReason,
		RuntimeTask
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(5)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(7)]
	pub type SubtensorModule = pallet_subtensor;
	#[runtime::pallet_index(100)]
	pub type Fraud = pallet_fraud;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type AccountData = pallet_balances::AccountData<u64>;
	type AccountId = AccountId;
	type Block = frame_system::mocking::MockBlock<Test>;
	type Lookup = IdentityLookup<AccountId>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type ExistentialDeposit = ConstU64<500>;
}

impl pallet_subtensor::Config for Test {
	type Currency = Balances;
}

impl Config for Test {}

/// The vector that TypeScript made: two answers to one challenge, and the first once more under another salt.
pub fn vector() -> serde_json::Value {
	let json = include_str!("../../../../../test/vectors/fraud/equivocation.json");
	serde_json::from_str(json).expect("it is JSON")
}

pub fn bytes<const N: usize>(value: &serde_json::Value) -> [u8; N] {
	let text = value
		.as_str()
		.and_then(|text| text.strip_prefix("0x"))
		.expect("it is hex");
	let byte = |at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).expect("it is hex");
	core::array::from_fn(byte)
}

pub fn hash(value: &serde_json::Value) -> H256 {
	H256(bytes(value))
}

fn number(value: &serde_json::Value) -> u32 {
	value.as_u64().expect("it is a number") as u32
}

pub fn opening(value: &serde_json::Value) -> Opening {
	let class = value["executionClass"].as_str().expect("it is text");
	Opening {
		model: hash(&value["model"]),
		execution_class: class.as_bytes().to_vec().try_into().expect("it is short"),
		count: number(&value["count"]),
		finish: if value["finish"] == "stop" {
			Finish::Stop
		} else {
			Finish::Length
		},
		root: hash(&value["root"]),
		salt: hash(&value["salt"]),
		signature: sr25519::Signature::from_raw(bytes(&value["signature"])),
	}
}

pub fn evidence() -> Proof {
	let vector = vector();
	Evidence {
		validator: AccountId::new(bytes(&vector["validator"])),
		miner: AccountId::new(bytes(&vector["miner"])),
		block: number(&vector["block"]).into(),
		index: number(&vector["index"]),
		first: opening(&vector["first"]),
		second: opening(&vector["second"]),
	}
}

/// A subnet where the miner's coldkey staked 30 TAO on it and a nominator 10; a quarter is at stake.
pub fn with_miner(test: impl FnOnce()) {
	let endowed = [OWNER, COLDKEY, NOMINATOR];
	let balances = pallet_balances::GenesisConfig::<Test> {
		balances: endowed.map(|account| (account, 100_000 * TAO)).to_vec(),
		..Default::default()
	};
	let storage = RuntimeGenesisConfig {
		balances,
		..Default::default()
	}
	.build_storage()
	.expect("it is valid");
	sp_io::TestExternalities::from(storage).execute_with(|| {
		let vector = vector();
		System::set_block_number(9);
		frame_system::BlockHash::<Test>::insert(0, hash(&vector["genesisHash"]));
		frame_system::BlockHash::<Test>::insert(7, hash(&vector["blockHash"]));
		let signed = RuntimeOrigin::signed;
		let miner = evidence().miner;
		assert_ok!(SubtensorModule::register_network(signed(OWNER), [9; 32].into()));
		assert_ok!(SubtensorModule::burned_register(
			signed(COLDKEY),
			NETUID,
			miner.clone()
		));
		for (coldkey, amount) in [(COLDKEY, 30), (NOMINATOR, 10)] {
			assert_ok!(SubtensorModule::add_stake(
				signed(coldkey),
				miner.clone(),
				NETUID,
				amount * TAO
			));
		}
		assert_ok!(Fraud::set_slash_share(RuntimeOrigin::root(), NETUID, 16_384));
		test();
		assert_accounts_balance();
	});
}

pub fn staked_by(coldkey: AccountId) -> u64 {
	pallet_subtensor::Alpha::<Test>::get((evidence().miner, coldkey, NETUID))
}

/// Every rao is in one place.
fn assert_accounts_balance() {
	let stake = pallet_subtensor::TotalStake::<Test>::get();
	assert_eq!(
		stake,
		pallet_subtensor::TotalHotkeyAlpha::<Test>::iter_values().sum::<u64>()
	);
	assert_eq!(stake, pallet_subtensor::Alpha::<Test>::iter_values().sum::<u64>());
	let free = <Balances as Inspect<AccountId>>::total_issuance();
	assert_eq!(pallet_subtensor::TotalIssuance::<Test>::get(), free + stake);
}
