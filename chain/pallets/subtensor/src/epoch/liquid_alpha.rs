//! Liquid alpha: how fast a bond follows a weight depends on how far they are apart, and on consensus.

use super::{
	math::{dense, proportion, Matrix},
	types::LiquidAlpha,
};
use alloc::{vec, vec::Vec};
use fixed::types::I32F32;

/// e in 23 fractional bits, which is what substrate-fixed's `exp` gives for exactly 1.
const E: I32F32 = I32F32::from_bits(22_802_600 << 9);
const HALF: I32F32 = I32F32::lit("0.5");
/// Inputs of `exp` are cut to this.
const EXP_LIMIT: I32F32 = I32F32::lit("20");

/// e to the power of `x`, with the rounding of Subtensor's `exp_safe`: 31 terms of the series in I32F32, and for a negative
/// `x` one divided by that.
pub fn exp(x: I32F32) -> I32F32 {
	let x = x.clamp(-EXP_LIMIT, EXP_LIMIT);
	if x == 1 {
		return E;
	}
	let size = x.abs();
	let mut term = size;
	let mut sum = size + I32F32::ONE;
	// No overflow: for 20 the largest product is 8.7e8, the sum 4.9e8.
	for i in 2..i64::from(I32F32::FRAC_NBITS) {
		term = term * size / i;
		sum += term;
	}
	if x < 0 {
		I32F32::ONE / sum
	} else {
		sum
	}
}

/// Alpha for one bond, between `low` and `high`: a sigmoid of how far the weight is above consensus, or of how far the
/// bond is above the weight (`alpha_sigmoid` upstream).
fn alpha(
	consensus: I32F32,
	weight: I32F32,
	bond: I32F32,
	low: I32F32,
	high: I32F32,
	steepness: I32F32,
) -> I32F32 {
	let unit = |x: I32F32| x.clamp(I32F32::ZERO, I32F32::ONE);
	let difference = if weight >= bond {
		unit(weight.saturating_sub(consensus))
	} else {
		unit(bond.saturating_sub(weight))
	};
	let exponent = (steepness / -100).saturating_mul(difference - HALF);
	let sigmoid = I32F32::ONE / (I32F32::ONE + exp(exponent));
	let alpha = low.saturating_add(sigmoid.saturating_mul(high.saturating_sub(low)));
	// Not `clamp`, which panics where low is above high.
	alpha.min(high).max(low)
}

/// Moving average of bonds with an alpha for each cell, kept within 0 and 1. A bond without a weight is gone.
pub fn liquid_moving_average(
	weights: &Matrix,
	bonds: &Matrix,
	consensus: &[I32F32],
	parameters: &LiquidAlpha,
) -> Matrix {
	let low = proportion(parameters.alpha_low);
	let high = proportion(parameters.alpha_high);
	let steepness = I32F32::from_num(parameters.alpha_sigmoid_steepness);
	let columns = consensus.len();
	let seen =
		|matrix: &Matrix| -> Vec<Vec<I32F32>> { matrix.iter().map(|row| walk(row, columns)).collect() };
	let (seen_weights, seen_bonds) = (seen(weights), seen(bonds));
	average_by_cell(weights, bonds, columns, |i, j| {
		alpha(
			consensus[j],
			seen_weights[i][j],
			seen_bonds[i][j],
			low,
			high,
			steepness,
		)
	})
}

/// `alpha · weight + (1 − alpha) · bond` for the cells of `weights`, keeping what is positive, at most 1.
pub fn average_by_cell(
	weights: &Matrix,
	bonds: &Matrix,
	columns: usize,
	alpha: impl Fn(usize, usize) -> I32F32,
) -> Matrix {
	let average = |(i, (weights, bonds)): (usize, (&Vec<(u16, I32F32)>, &Vec<(u16, I32F32)>))| {
		let old = dense(bonds, columns);
		let cell = |(column, weight): &(u16, I32F32)| {
			let j = usize::from(*column);
			let alpha = alpha(i, j);
			let decayed = I32F32::ONE.saturating_sub(alpha).saturating_mul(old[j]);
			let bought = alpha.saturating_mul(*weight).max(I32F32::ZERO);
			let bond = decayed.saturating_add(bought).min(I32F32::ONE);
			(bond > 0).then_some((*column, bond))
		};
		weights.iter().filter_map(cell).collect()
	};
	weights.iter().zip(bonds).enumerate().map(average).collect()
}

/// A row as one pass over rising columns sees it: behind a larger column smaller ones are overlooked. Weights are stored in
/// the order in which a validator gave them, so this matters; alpha is chosen from what is seen.
fn walk(row: &[(u16, I32F32)], columns: usize) -> Vec<I32F32> {
	let mut result = vec![I32F32::ZERO; columns];
	let mut next = 0;
	for (column, value) in row {
		let column = usize::from(*column);
		if column >= next {
			result[column] = *value;
			next = column + 1;
		}
	}
	result
}
