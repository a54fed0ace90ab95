//! Each pallet's configuration.

use crate::*;
use frame_support::{
	derive_impl, parameter_types,
	traits::{
		fungible::Credit, ConstU16, ConstU32, ConstU64, ConstU8, Contains, Imbalance, OnUnbalanced,
		VariantCountOf,
	},
	weights::{
		constants::{RocksDbWeight, WEIGHT_REF_TIME_PER_SECOND},
		Weight, WeightToFee,
	},
};
use pallet_transaction_payment::{ConstFeeMultiplier, FungibleAdapter, Multiplier};
use sp_runtime::{
	traits::{AccountIdLookup, One},
	Perbill,
};

/// Smallest balance that an account may hold, in rao, as on Subtensor.
pub const EXISTENTIAL_DEPOSIT: Balance = 500;

parameter_types! {
	pub const Version: RuntimeVersion = VERSION;
	/// Two seconds of computing a block, three quarters of it for ordinary transactions.
	pub RuntimeBlockWeights: frame_system::limits::BlockWeights =
		frame_system::limits::BlockWeights::with_sensible_defaults(
			Weight::from_parts(2 * WEIGHT_REF_TIME_PER_SECOND, u64::MAX),
			Perbill::from_percent(75),
		);
	pub FeeMultiplier: Multiplier = Multiplier::one();
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
	type AccountId = AccountId;
	type BaseCallFilter = AccountedCalls;
	type AccountData = pallet_balances::AccountData<Balance>;
	type Block = Block;
	type BlockHashCount = ConstU32<2400>;
	type BlockWeights = RuntimeBlockWeights;
	type DbWeight = RocksDbWeight;
	type Hash = Hash;
	type Lookup = AccountIdLookup<AccountId, ()>;
	type MaxConsumers = ConstU32<16>;
	type Nonce = Nonce;
	type SS58Prefix = ConstU16<42>;
	type Version = Version;
}

impl pallet_timestamp::Config for Runtime {
	type Moment = u64;
	type OnTimestampSet = ();
	/// Milliseconds; far below any block time that a devnet uses.
	type MinimumPeriod = ConstU64<100>;
	type WeightInfo = ();
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Runtime {
	type AccountStore = System;
	type Balance = Balance;
	type DustRemoval = BurnAndNote;
	type ExistentialDeposit = ConstU64<EXISTENTIAL_DEPOSIT>;
	type FreezeIdentifier = RuntimeFreezeReason;
	type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
	type RuntimeEvent = RuntimeEvent;
	type RuntimeFreezeReason = RuntimeFreezeReason;
	type RuntimeHoldReason = RuntimeHoldReason;
}

impl pallet_transaction_payment::Config for Runtime {
	type FeeMultiplierUpdate = ConstFeeMultiplier<FeeMultiplier>;
	type LengthToFee = RaoPerByte;
	type OnChargeTransaction = FungibleAdapter<Balances, BurnAndNote>;
	type OperationalFeeMultiplier = ConstU8<5>;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = ();
	type WeightToFee = RaoPerNanosecond;
}

impl pallet_subtensor::Config for Runtime {
	type Currency = Balances;
}

impl pallet_admin_utils::Config for Runtime {}

impl pallet_commitments::Config for Runtime {}

impl pallet_fraud::Config for Runtime {}

impl pallet_sudo::Config for Runtime {
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = ();
}

/// One rao for each byte of a transaction.
pub struct RaoPerByte;

impl WeightToFee for RaoPerByte {
	type Balance = Balance;

	fn weight_to_fee(length: &Weight) -> Balance {
		length.ref_time()
	}
}

/// One rao for each nanosecond of computing: a transfer costs about 0.0006 TAO.
pub struct RaoPerNanosecond;

impl WeightToFee for RaoPerNanosecond {
	type Balance = Balance;

	fn weight_to_fee(weight: &Weight) -> Balance {
		weight.ref_time() / 1_000
	}
}

/// Burns what it is given (fees, and the dust of accounts that cease to exist) and lets issuance know.
pub struct BurnAndNote;

impl OnUnbalanced<Credit<AccountId, Balances>> for BurnAndNote {
	fn on_nonzero_unbalanced(amount: Credit<AccountId, Balances>) {
		SubtensorModule::note_burned(amount.peek());
		// Dropping the credit takes it out of the balances' own issuance.
		drop(amount);
	}
}

/// Refuses the calls of pallet-balances that change issuance behind SubtensorModule's back. Root is not filtered.
pub struct AccountedCalls;

impl Contains<RuntimeCall> for AccountedCalls {
	fn contains(call: &RuntimeCall) -> bool {
		!matches!(
			call,
			RuntimeCall::Balances(
				pallet_balances::Call::burn { .. }
					| pallet_balances::Call::force_set_balance { .. }
					| pallet_balances::Call::force_adjust_total_issuance { .. }
			)
		)
	}
}
