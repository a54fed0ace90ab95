//! Yuma consensus, version 2, as a pure function of what the chain knows about a subnet.
//!
//! The steps and their order are those of Subtensor's `epoch_mechanism` (spec 425) with `Yuma3On` and commit-reveal
//! off: <https://github.com/opentensor/subtensor/blob/main/pallets/subtensor/src/epoch/run_epoch.rs>.

use super::math::*;
use alloc::vec::Vec;
use codec::{Decode, Encode};
use fixed::types::{I32F32, I64F64, I96F32};
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

/// A subnet at an epoch. Every vector has one element for each uid.
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
	/// Version 3 of Yuma, otherwise version 2.
	pub yuma3: bool,
	/// Counts under version 3 only; none: one alpha for all, from `bonds_moving_average`.
	pub liquid_alpha: Option<LiquidAlpha>,
	/// Rao.
	pub stake: Vec<u64>,
	pub last_update: Vec<u64>,
	pub block_at_registration: Vec<u64>,
	/// Block of each neuron's earliest commit that is neither revealed nor expired. Empty where commit-reveal is off.
	pub first_commit_block: Vec<Option<u64>>,
	pub validator_permit: Vec<bool>,
	/// Rows of (uid, weight).
	pub weights: Vec<Vec<(u16, u16)>>,
	/// Rows of (uid, bond), columns upscaled to 65535.
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

/// Runs one epoch.
pub fn run(input: &EpochInput) -> EpochOutput {
	let n = input.stake.len();
	let is_owner = |uid: usize| input.owner_uid.map(usize::from) == Some(uid);
	let with_owner = |mut permits: Vec<bool>| {
		permits
			.iter_mut()
			.enumerate()
			.for_each(|(uid, permit)| *permit |= is_owner(uid));
		permits
	};

	let inactive: Vec<bool> = input
		.last_update
		.iter()
		.map(|block| block.saturating_add(input.activity_cutoff) < input.block)
		.collect();

	let meets_threshold = |(uid, stake): (usize, &u64)| {
		if is_owner(uid) || *stake >= input.stake_threshold {
			*stake
		} else {
			0
		}
	};
	let counted: Vec<u64> = input.stake.iter().enumerate().map(meets_threshold).collect();
	let stake = normalize_amounts(&counted);

	// This epoch counts the permits of the last one; the new ones hold until the next.
	let permits = with_owner(input.validator_permit.clone());
	let forbidden: Vec<bool> = permits.iter().map(|permit| !permit).collect();
	let new_permits = with_owner(is_topk_nonzero(&stake, usize::from(input.max_validators)));

	let mut active_stake = stake.clone();
	mask(&mut active_stake, &inactive);
	mask(&mut active_stake, &forbidden);
	normalize(&mut active_stake);

	let mut weights = to_matrix(&input.weights, n);
	retain(&mut weights, |i, j| !forbidden[i] && (i != j || is_owner(i)));
	// A weight that is older than the neuron it is for was meant for the one before.
	retain(&mut weights, |i, j| {
		input.last_update[i] > input.block_at_registration[j]
	});
	normalize_rows(&mut weights);

	let consensus = weighted_median_columns(&active_stake, &weights, n, proportion(input.kappa));
	let clipped = clip_columns(&weights, &consensus);
	let validator_trust = row_sums(&clipped);
	let mut incentive = vector_times_matrix(&active_stake, &clipped, n);
	normalize(&mut incentive);

	let weights_for_bonds = interpolate(&weights, &clipped, n, proportion(input.bonds_penalty));
	let mut bonds = grow_bonds(input, &weights_for_bonds, &active_stake);
	let mut dividends = matrix_times_vector(&bonds, &incentive);
	normalize(&mut dividends);
	upscale_columns(&mut bonds, n);

	let shares = emission_shares(&incentive, &dividends, &active_stake, &stake);
	EpochOutput {
		active: inactive.iter().map(|inactive| !inactive).collect(),
		stake_weight: to_u16(&stake),
		consensus: to_u16(&consensus),
		incentive: to_u16(&incentive),
		dividends: to_u16(&dividends),
		validator_trust: to_u16(&validator_trust),
		bonds: to_bond_rows(&bonds, &new_permits),
		validator_permit: new_permits,
		server_emission: to_rao(&shares.server, input.emission),
		validator_emission: to_rao(&shares.validator, input.emission),
		emission: to_rao(&shares.combined, input.emission),
	}
}

/// Moves bonds towards the stake-weighted weights of this epoch: an average over epochs, by column.
fn grow_bonds(input: &EpochInput, weights: &Matrix, active_stake: &[I32F32]) -> Matrix {
	let n = input.stake.len();
	let last_tempo = match input.last_step {
		0 => input.block.saturating_sub(u64::from(input.tempo)),
		block => block + 1,
	};
	let mut bonds = to_matrix(&input.bonds, n);
	retain(&mut bonds, |_, j| last_tempo > input.block_at_registration[j]);
	normalize_columns(&mut bonds, n);

	let mut delta = scale_rows(weights, active_stake);
	normalize_columns(&mut delta, n);

	let kept = I64F64::saturating_from_num(input.bonds_moving_average) / I64F64::from_num(1_000_000);
	let alpha = I32F32::ONE.saturating_sub(I32F32::saturating_from_num(kept));
	let mut grown = moving_average(&delta, &bonds, n, alpha);
	normalize_columns(&mut grown, n);
	grown
}

struct Shares {
	server: Vec<I32F32>,
	validator: Vec<I32F32>,
	combined: Vec<I32F32>,
}

/// Shares of emission by incentive and dividends together; by stake where there is neither.
fn emission_shares(
	incentive: &[I32F32],
	dividends: &[I32F32],
	active_stake: &[I32F32],
	stake: &[I32F32],
) -> Shares {
	let mut combined: Vec<I32F32> = incentive
		.iter()
		.zip(dividends)
		.map(|(incentive, dividend)| incentive.saturating_add(*dividend))
		.collect();
	let sum: I32F32 = combined.iter().sum();
	let mut server = incentive.to_vec();
	if sum == 0 {
		let is_active = active_stake.iter().sum::<I32F32>() != 0;
		let by_stake = if is_active { active_stake } else { stake }.to_vec();
		return Shares {
			server,
			validator: by_stake.clone(),
			combined: by_stake,
		};
	}
	let mut validator = dividends.to_vec();
	normalize_by(&mut server, sum);
	normalize_by(&mut validator, sum);
	normalize_by(&mut combined, sum);
	Shares {
		server,
		validator,
		combined,
	}
}

/// Cells outside the subnet, left by a larger one, are dropped.
fn to_matrix(rows: &[Vec<(u16, u16)>], n: usize) -> Matrix {
	let within = |row: &Vec<(u16, u16)>| {
		let cells = row.iter().filter(|(j, _)| usize::from(*j) < n);
		cells.map(|(j, value)| (*j, I32F32::from_num(*value))).collect()
	};
	rows.iter().map(within).collect()
}

fn to_bond_rows(bonds: &Matrix, permits: &[bool]) -> Vec<Vec<(u16, u16)>> {
	let row = |(row, permit): (&Vec<(u16, I32F32)>, &bool)| {
		let cells = row.iter().filter(|_| *permit);
		cells.map(|(j, value)| (*j, proportion_to_u16(*value))).collect()
	};
	bonds.iter().zip(permits).map(row).collect()
}

fn to_u16(shares: &[I32F32]) -> Vec<u16> {
	shares.iter().map(|share| proportion_to_u16(*share)).collect()
}

fn to_rao(shares: &[I32F32], emission: u64) -> Vec<u64> {
	let emission = I96F32::saturating_from_num(emission);
	let amount = |share: &I32F32| {
		I96F32::from_num(*share)
			.saturating_mul(emission)
			.saturating_to_num()
	};
	shares.iter().map(amount).collect()
}
