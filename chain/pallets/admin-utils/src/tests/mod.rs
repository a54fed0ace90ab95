//! Who may set hyperparameters, and to what.

use crate::{self as pallet_admin_utils, *};
use frame_support::{assert_noop, assert_ok, derive_impl, pallet_prelude::DispatchResult, traits::ConstU64};
use pallet_subtensor as storage;
use sp_runtime::{BuildStorage, DispatchError};

const NETUID: NetUid = 1;

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
	#[runtime::pallet_index(19)]
	pub type AdminUtils = pallet_admin_utils;
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

fn with_subnet(test: impl FnOnce()) {
	let balances = pallet_balances::GenesisConfig::<Test> {
		balances: vec![(1, 1_000_000_000_000_000)],
		..Default::default()
	};
	let genesis = RuntimeGenesisConfig {
		balances,
		..Default::default()
	}
	.build_storage()
	.expect("it is valid");
	sp_io::TestExternalities::from(genesis).execute_with(|| {
		System::set_block_number(1);
		assert_ok!(SubtensorModule::register_network(RuntimeOrigin::signed(1), 1_001));
		test();
	});
}

/// Every setter with a value that it takes, so that one list serves for all that holds for each of them.
fn set_each(origin: fn() -> RuntimeOrigin, netuid: NetUid) -> Vec<DispatchResult> {
	vec![
		AdminUtils::sudo_set_serving_rate_limit(origin(), netuid, 2),
		AdminUtils::sudo_set_weights_version_key(origin(), netuid, 3),
		AdminUtils::sudo_set_weights_set_rate_limit(origin(), netuid, 4),
		AdminUtils::sudo_set_max_weight_limit(origin(), netuid, 5),
		AdminUtils::sudo_set_immunity_period(origin(), netuid, 6),
		AdminUtils::sudo_set_min_allowed_weights(origin(), netuid, 7),
		AdminUtils::sudo_set_max_allowed_uids(origin(), netuid, 8),
		AdminUtils::sudo_set_kappa(origin(), netuid, 9),
		AdminUtils::sudo_set_activity_cutoff(origin(), netuid, 10),
		AdminUtils::sudo_set_min_burn(origin(), netuid, 11),
		AdminUtils::sudo_set_max_burn(origin(), netuid, 12),
		AdminUtils::sudo_set_max_allowed_validators(origin(), netuid, 8),
		AdminUtils::sudo_set_bonds_moving_average(origin(), netuid, 14),
		AdminUtils::sudo_set_tempo(origin(), netuid, 15),
		AdminUtils::sudo_set_commit_reveal_weights_enabled(origin(), netuid, true),
		AdminUtils::sudo_set_bonds_penalty(origin(), netuid, 17),
		AdminUtils::sudo_set_network_registration_allowed(origin(), netuid, false),
		AdminUtils::sudo_set_min_non_immune_uids(origin(), netuid, 21),
		AdminUtils::sudo_set_commit_reveal_weights_interval(origin(), netuid, 20),
		AdminUtils::sudo_set_liquid_alpha_enabled(origin(), netuid, true),
		AdminUtils::sudo_set_alpha_values(origin(), netuid, 2_100, 2_200),
		AdminUtils::sudo_set_alpha_sigmoid_steepness(origin(), netuid, -23),
		AdminUtils::sudo_set_yuma3_enabled(origin(), netuid, true),
	]
}

#[test]
fn root_sets_each_hyperparameter_in_its_place() {
	with_subnet(|| {
		for result in set_each(RuntimeOrigin::root, NETUID) {
			assert_ok!(result);
		}
		assert_ok!(AdminUtils::sudo_set_subnet_owner_cut(RuntimeOrigin::root(), 18));
		assert_ok!(AdminUtils::sudo_set_stake_threshold(RuntimeOrigin::root(), 19));
		assert_eq!(storage::ServingRateLimit::<Test>::get(NETUID), 2);
		assert_eq!(storage::WeightsVersionKey::<Test>::get(NETUID), 3);
		assert_eq!(storage::WeightsSetRateLimit::<Test>::get(NETUID), 4);
		assert_eq!(storage::MaxWeightsLimit::<Test>::get(NETUID), 5);
		assert_eq!(storage::ImmunityPeriod::<Test>::get(NETUID), 6);
		assert_eq!(storage::MinAllowedWeights::<Test>::get(NETUID), 7);
		assert_eq!(storage::MaxAllowedUids::<Test>::get(NETUID), 8);
		assert_eq!(storage::Kappa::<Test>::get(NETUID), 9);
		assert_eq!(storage::ActivityCutoff::<Test>::get(NETUID), 10);
		assert_eq!(storage::MinBurn::<Test>::get(NETUID), 11);
		assert_eq!(storage::MaxBurn::<Test>::get(NETUID), 12);
		assert_eq!(storage::Burn::<Test>::get(NETUID), 12);
		assert_eq!(storage::MaxAllowedValidators::<Test>::get(NETUID), 8);
		assert_eq!(storage::BondsMovingAverage::<Test>::get(NETUID), 14);
		assert_eq!(storage::Tempo::<Test>::get(NETUID), 15);
		assert!(storage::CommitRevealWeightsEnabled::<Test>::get(NETUID));
		assert_eq!(storage::BondsPenalty::<Test>::get(NETUID), 17);
		assert!(!storage::NetworkRegistrationAllowed::<Test>::get(NETUID));
		assert_eq!(storage::MinNonImmuneUids::<Test>::get(NETUID), 21);
		assert_eq!(storage::RevealPeriodEpochs::<Test>::get(NETUID), 20);
		assert!(storage::LiquidAlphaOn::<Test>::get(NETUID));
		assert_eq!(storage::AlphaValues::<Test>::get(NETUID), (2_100, 2_200));
		assert_eq!(storage::AlphaSigmoidSteepness::<Test>::get(NETUID), -23);
		assert!(storage::Yuma3On::<Test>::get(NETUID));
		System::assert_has_event(
			Event::Yuma3EnableToggled {
				netuid: NETUID,
				enabled: true,
			}
			.into(),
		);
		assert_eq!(storage::SubnetOwnerCut::<Test>::get(), 18);
		assert_eq!(storage::StakeThreshold::<Test>::get(), 19);
	});
}

#[test]
fn nobody_else_sets_anything() {
	with_subnet(|| {
		let owner = || RuntimeOrigin::signed(1);
		for result in set_each(owner, NETUID) {
			assert_eq!(result, Err(DispatchError::BadOrigin));
		}
		assert_noop!(
			AdminUtils::sudo_set_subnet_owner_cut(owner(), 1),
			DispatchError::BadOrigin
		);
		assert_noop!(
			AdminUtils::sudo_set_stake_threshold(owner(), 1),
			DispatchError::BadOrigin
		);
	});
}

#[test]
fn a_subnet_that_does_not_exist_has_no_hyperparameters() {
	with_subnet(|| {
		for result in set_each(RuntimeOrigin::root, 9) {
			assert_eq!(result, Err(Error::<Test>::SubnetDoesNotExist.into()));
		}
	});
}

#[test]
fn values_out_of_bounds_are_refused() {
	with_subnet(|| {
		let root = RuntimeOrigin::root;
		storage::SubnetworkN::<Test>::insert(NETUID, 3);
		assert_noop!(
			AdminUtils::sudo_set_max_allowed_uids(root(), NETUID, 2),
			Error::<Test>::MaxAllowedUIdsLessThanCurrentUIds
		);
		assert_noop!(
			AdminUtils::sudo_set_max_allowed_uids(root(), NETUID, 257),
			Error::<Test>::MaxAllowedUidsGreaterThanDefaultMaxAllowedUids
		);
		assert_noop!(
			AdminUtils::sudo_set_max_allowed_validators(root(), NETUID, 257),
			Error::<Test>::MaxValidatorsLargerThanMaxUIds
		);
		assert_noop!(
			AdminUtils::sudo_set_bonds_moving_average(root(), NETUID, 1_000_001),
			Error::<Test>::BondsMovingAverageMaxReached
		);
		let min = storage::MinBurn::<Test>::get(NETUID);
		assert_noop!(
			AdminUtils::sudo_set_max_burn(root(), NETUID, min - 1),
			Error::<Test>::ValueNotInBounds
		);
		assert_noop!(
			AdminUtils::sudo_set_commit_reveal_weights_interval(root(), NETUID, 0),
			storage::Error::<Test>::RevealPeriodTooSmall
		);
		assert_noop!(
			AdminUtils::sudo_set_commit_reveal_weights_interval(root(), NETUID, 101),
			storage::Error::<Test>::RevealPeriodTooLarge
		);
		let alphas = |low, high| AdminUtils::sudo_set_alpha_values(root(), NETUID, low, high);
		assert_noop!(alphas(2_000, 3_000), storage::Error::<Test>::LiquidAlphaDisabled);
		assert_ok!(AdminUtils::sudo_set_liquid_alpha_enabled(root(), NETUID, true));
		assert_noop!(alphas(1_637, 1_637), storage::Error::<Test>::AlphaHighTooLow);
		assert_noop!(alphas(1_637, 1_638), storage::Error::<Test>::AlphaLowOutOfRange);
		assert_noop!(alphas(2_001, 2_000), storage::Error::<Test>::AlphaLowOutOfRange);
		assert_ok!(alphas(1_638, 1_638));
		let max = storage::MaxBurn::<Test>::get(NETUID);
		assert_noop!(
			AdminUtils::sudo_set_min_burn(root(), NETUID, max + 1),
			Error::<Test>::ValueNotInBounds
		);
	});
}
