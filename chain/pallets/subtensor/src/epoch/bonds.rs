//! Bonds of validators with miners, and what they earn by them.

use super::{liquid_alpha::liquid_moving_average, math::*, types::EpochInput};
use alloc::vec::Vec;
use fixed::types::{I32F32, I64F64};

/// Bonds after an epoch, and each validator's share of dividends.
pub struct Grown {
	pub bonds: Matrix,
	pub dividends: Vec<I32F32>,
}

/// Yuma 2: bonds are shares of a miner, moved towards this epoch's stake-weighted weights. `old` are as stored.
pub fn grow_shares(
	input: &EpochInput,
	old: Matrix,
	weights: &Matrix,
	active_stake: &[I32F32],
	incentive: &[I32F32],
) -> Grown {
	let n = incentive.len();
	let mut old = old;
	normalize_columns(&mut old, n);
	let mut delta = scale_rows(weights, active_stake);
	normalize_columns(&mut delta, n);
	let mut bonds = moving_average(&delta, &old, n, alpha(input));
	normalize_columns(&mut bonds, n);
	let mut dividends = matrix_times_vector(&bonds, incentive);
	normalize(&mut dividends);
	upscale_columns(&mut bonds, n);
	Grown { bonds, dividends }
}

/// Yuma 3: a bond of each validator with each miner by itself, moved towards this epoch's weight. Stake counts only when
/// dividends are shared. `old` are as stored.
pub fn grow_each(
	input: &EpochInput,
	old: Matrix,
	weights: &Matrix,
	active_stake: &[I32F32],
	incentive: &[I32F32],
	consensus: &[I32F32],
) -> Grown {
	let full = I32F32::from_num(u16::MAX);
	let mut old = old;
	for (_, bond) in old.iter_mut().flatten() {
		*bond = safe_div(*bond, full);
	}
	let n = incentive.len();
	let has_consensus = consensus.iter().any(|share| *share != 0);
	let bonds = match &input.liquid_alpha {
		Some(parameters) if has_consensus => liquid_moving_average(weights, &old, consensus, parameters),
		_ => moving_average(weights, &old, n, alpha(input)),
	};
	let mut shares = bonds.clone();
	normalize_columns(&mut shares, n);
	let earned = matrix_times_vector(&shares, incentive);
	let mut dividends: Vec<I32F32> = earned
		.iter()
		.zip(active_stake)
		.map(|(earned, stake)| earned.saturating_mul(*stake))
		.collect();
	normalize(&mut dividends);
	Grown { bonds, dividends }
}

/// How much of an epoch's weights goes into bonds: what `bonds_moving_average` leaves.
fn alpha(input: &EpochInput) -> I32F32 {
	let kept = I64F64::saturating_from_num(input.bonds_moving_average) / I64F64::from_num(1_000_000);
	I32F32::ONE.saturating_sub(I32F32::saturating_from_num(kept))
}
