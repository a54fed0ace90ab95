//! What an epoch takes and gives.

use alloc::vec::Vec;
use codec::{Decode, Encode};
use scale_info::TypeInfo;

/// How fast bonds follow weights under liquid alpha.
#[derive(Clone, Debug, Decode, Default, Encode, Eq, PartialEq, TypeInfo)]
pub struct LiquidAlpha {
	/// Out of 65535.
	pub alpha_low: u16,
	/// Out of 65535.
	pub alpha_high: u16,
	/// Hundredths.
	pub alpha_sigmoid_steepness: i16,
}

/// A subnet at an epoch. Every vector has one element for each uid; for vectors of other lengths see [`super::yuma::run`].
#[derive(Clone, Debug, Decode, Default, Encode, Eq, PartialEq, TypeInfo)]
pub struct EpochInput {
	pub block: u64,
	pub tempo: u16,
	/// Block of the last epoch; 0 before the first.
	pub last_step: u64,
	/// Blocks.
	pub activity_cutoff: u64,
	/// Out of 65535.
	pub kappa: u16,
	/// Out of 65535.
	pub bonds_penalty: u16,
	/// Millionths.
	pub bonds_moving_average: u64,
	pub max_validators: u16,
	/// Rao.
	pub stake_threshold: u64,
	pub owner_uid: Option<u16>,
	/// Yuma 3, otherwise Yuma 2.
	pub yuma3: bool,
	/// Counts in Yuma 3 only; none: one alpha for all bonds, from `bonds_moving_average`.
	pub liquid_alpha: Option<LiquidAlpha>,
	/// Rao.
	pub stake: Vec<u64>,
	pub last_update: Vec<u64>,
	pub block_at_registration: Vec<u64>,
	/// Block of each neuron's earliest commit that has neither been revealed nor expired. Empty where commit-reveal is off.
	pub first_commit_block: Vec<Option<u64>>,
	pub validator_permit: Vec<bool>,
	/// Rows of (uid, weight).
	pub weights: Vec<Vec<(u16, u16)>>,
	/// Rows of (uid, bond). Yuma 2 upscales each column to 65535; in Yuma 3 a bond is a share of 65535.
	pub bonds: Vec<Vec<(u16, u16)>>,
	/// Rao to share out.
	pub emission: u64,
}

/// What an epoch finds. Every vector has one element for each uid; u16 values are shares out of 65535.
#[derive(Clone, Debug, Decode, Default, Encode, Eq, PartialEq, TypeInfo)]
pub struct EpochOutput {
	pub active: Vec<bool>,
	pub stake_weight: Vec<u16>,
	pub consensus: Vec<u16>,
	pub incentive: Vec<u16>,
	pub dividends: Vec<u16>,
	pub validator_trust: Vec<u16>,
	pub validator_permit: Vec<bool>,
	/// Rows of (uid, bond); empty without a permit.
	pub bonds: Vec<Vec<(u16, u16)>>,
	/// Rao for mining.
	pub server_emission: Vec<u64>,
	/// Rao for validating.
	pub validator_emission: Vec<u64>,
	/// Rao for both.
	pub emission: Vec<u64>,
}
