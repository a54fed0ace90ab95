//! A runtime with the pallet, and a subnet with one registered hotkey.

use crate::{self as pallet_commitments, *};
use frame_support::{assert_ok, derive_impl, traits::ConstU64};
use sp_runtime::BuildStorage;

pub type Failure = crate::Error<Test>;

pub const NETUID: u16 = 1;
pub const OWNER: u64 = 1;
pub const COLDKEY: u64 = 2;
pub const HOTKEY: u64 = 3;

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
	#[runtime::pallet_index(18)]
	pub type Commitments = pallet_commitments;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type AccountData = pallet_balances::AccountData<u64>;
	type Block = frame_system::mocking::MockBlock<Test>;
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

/// Runs a test in block 1 of a chain whose subnet has the owner's hotkey and [`HOTKEY`].
pub fn with_hotkey(test: impl FnOnce()) {
	let balances = pallet_balances::GenesisConfig::<Test> {
		balances: [OWNER, COLDKEY]
			.map(|account| (account, 100_000_000_000_000))
			.to_vec(),
		..Default::default()
	};
	let storage = RuntimeGenesisConfig {
		balances,
		..Default::default()
	}
	.build_storage()
	.expect("it is valid");
	sp_io::TestExternalities::from(storage).execute_with(|| {
		System::set_block_number(1);
		let signed = RuntimeOrigin::signed;
		assert_ok!(SubtensorModule::register_network(signed(OWNER), 9));
		assert_ok!(SubtensorModule::burned_register(signed(COLDKEY), NETUID, HOTKEY));
		test();
	});
}
