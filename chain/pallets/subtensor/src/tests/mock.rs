//! A runtime of System, Balances and this pallet, and what tests do with it again and again.

use crate as pallet_subtensor;
use crate::*;
use frame_support::{
	assert_ok, derive_impl,
	traits::{fungible::Inspect, ConstU64, Hooks},
};
use sp_runtime::BuildStorage;

pub type AccountId = u64;
/// How the pallet refuses a call.
pub type Failure = crate::Error<Test>;
pub type Subtensor = Pallet<Test>;

pub const TAO: u64 = 1_000_000_000;
/// What accounts below `ENDOWED` start with.
pub const ENDOWMENT: u64 = 100_000 * TAO;
pub const ENDOWED: AccountId = 100;
/// Owner of the first subnet, and its hotkey.
pub const OWNER: AccountId = 1;
pub const OWNER_HOTKEY: AccountId = 1_001;
pub const NETUID: NetUid = 1;

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

impl Config for Test {
	type Currency = Balances;
}

/// Runs a test at block 1 with endowed accounts and no subnet.
pub fn at_genesis(test: impl FnOnce()) {
	let balances = pallet_balances::GenesisConfig::<Test> {
		balances: (1..ENDOWED).map(|account| (account, ENDOWMENT)).collect(),
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
		test();
		assert_accounts_balance();
	});
}

/// Runs a test with one subnet, `NETUID`, without rate limits and floors, whose only neuron is the owner's.
pub fn with_subnet(test: impl FnOnce()) {
	at_genesis(|| {
		assert_ok!(Subtensor::register_network(signed(OWNER), OWNER_HOTKEY));
		WeightsSetRateLimit::<Test>::insert(NETUID, 0);
		MinNonImmuneUids::<Test>::insert(NETUID, 0);
		test();
	});
}

pub fn signed(account: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(account)
}

/// Builds empty blocks up to and including `block`.
pub fn run_to(block: u64) {
	while System::block_number() < block {
		System::set_block_number(System::block_number() + 1);
		SubtensorModule::on_initialize(System::block_number());
	}
}

/// Builds one block.
pub fn next_block() {
	run_to(System::block_number() + 1);
}

/// Sets a short tempo and builds blocks until its epoch has run.
pub fn run_epoch() {
	Subtensor::set_tempo(NETUID, 10);
	run_to(System::block_number() + 10);
}

/// Registers hotkey `coldkey + 1000` and gives back its uid.
pub fn register(coldkey: AccountId) -> u16 {
	let hotkey = hotkey_of(coldkey);
	assert_ok!(Subtensor::burned_register(signed(coldkey), NETUID, hotkey));
	Uids::<Test>::get(NETUID, hotkey).expect("it was registered")
}

pub fn hotkey_of(coldkey: AccountId) -> AccountId {
	coldkey + 1_000
}

/// Registers a validator with `tao` of stake.
pub fn register_validator(coldkey: AccountId, tao: u64) -> u16 {
	let uid = register(coldkey);
	assert_ok!(Subtensor::add_stake(
		signed(coldkey),
		hotkey_of(coldkey),
		NETUID,
		tao * TAO
	));
	uid
}

pub fn set_weights(coldkey: AccountId, weights: &[(u16, u16)]) {
	let (uids, values) = weights.iter().copied().unzip();
	assert_ok!(Subtensor::set_weights(
		signed(hotkey_of(coldkey)),
		NETUID,
		uids,
		values,
		0
	));
}

pub fn free(account: AccountId) -> u64 {
	Balances::balance(&account)
}

pub fn staked(coldkey: AccountId) -> u64 {
	TotalHotkeyAlpha::<Test>::get(hotkey_of(coldkey), NETUID)
}

pub fn events() -> Vec<Event<Test>> {
	let only_ours = |record: frame_system::EventRecord<RuntimeEvent, _>| match record.event {
		RuntimeEvent::SubtensorModule(event) => Some(event),
		_ => None,
	};
	System::events().into_iter().filter_map(only_ours).collect()
}

/// Pending emission of all subnets.
pub fn pending() -> u64 {
	PendingServerEmission::<Test>::iter_values().sum::<u64>()
		+ PendingValidatorEmission::<Test>::iter_values().sum::<u64>()
		+ PendingOwnerCut::<Test>::iter_values().sum::<u64>()
}

/// The invariant of the pallet: every rao is in one place.
pub fn assert_accounts_balance() {
	let stake = TotalStake::<Test>::get();
	assert_eq!(
		stake,
		TotalHotkeyAlpha::<Test>::iter_values().sum::<u64>(),
		"stake by hotkey"
	);
	assert_eq!(
		stake,
		Alpha::<Test>::iter_values().sum::<u64>(),
		"stake by hotkey and coldkey"
	);
	let issuance = <Balances as Inspect<AccountId>>::total_issuance();
	assert_eq!(
		TotalIssuance::<Test>::get(),
		issuance + stake + pending(),
		"issuance"
	);
}
