//! Fixed-point vectors and sparse matrices, with Subtensor's rounding and order of operations (`epoch/math.rs` there).
//!
//! A matrix is a list of rows, a row a list of (column, value) in any order; what is not listed is zero.

use alloc::{vec, vec::Vec};
use fixed::types::{I32F32, I64F64};

pub type Matrix = Vec<Vec<(u16, I32F32)>>;

/// `x / y`, rounded towards zero; 0 where it is undefined.
pub fn safe_div(x: I32F32, y: I32F32) -> I32F32 {
	x.checked_div(y).unwrap_or_default()
}

/// A share out of 65535 as a fraction of 1.
pub fn proportion(x: u16) -> I32F32 {
	safe_div(I32F32::from_num(x), I32F32::from_num(u16::MAX))
}

/// A fraction of 1 as a share out of 65535, rounded down.
pub fn proportion_to_u16(x: I32F32) -> u16 {
	x.saturating_mul(I32F32::from_num(u16::MAX)).saturating_to_num()
}

/// Sum of a vector. Wraps around as Subtensor's release build does, where `+` would panic in a debug build.
pub fn sum<'a>(x: impl IntoIterator<Item = &'a I32F32>) -> I32F32 {
	x.into_iter()
		.fold(I32F32::ZERO, |sum, value| sum.wrapping_add(*value))
}

/// Scales a vector to sum to 1; a sum of zero leaves it as it is.
pub fn normalize(x: &mut [I32F32]) {
	let total = sum(&*x);
	normalize_by(x, total);
}

/// Divides a vector by a sum that may be another's; a sum of zero leaves it as it is.
pub fn normalize_by(x: &mut [I32F32], sum: I32F32) {
	if sum != 0 {
		x.iter_mut().for_each(|value| *value = safe_div(*value, sum));
	}
}

/// Scales amounts to fractions of their sum, in 64 fractional bits, then cuts those to 32.
pub fn normalize_amounts(amounts: &[u64]) -> Vec<I32F32> {
	let amounts: Vec<I64F64> = amounts
		.iter()
		.map(|amount| I64F64::saturating_from_num(*amount))
		.collect();
	let sum = amounts
		.iter()
		.fold(I64F64::ZERO, |sum, amount| sum.wrapping_add(*amount));
	let fraction = |amount: I64F64| {
		if sum == 0 {
			amount
		} else {
			amount.checked_div(sum).unwrap_or_default()
		}
	};
	amounts
		.into_iter()
		.map(|amount| I32F32::saturating_from_num(fraction(amount)))
		.collect()
}

/// Sets to zero what the mask marks, and what a shorter mask does not reach. An empty mask does nothing.
pub fn mask(x: &mut [I32F32], masked: &[bool]) {
	if masked.is_empty() {
		return;
	}
	for (index, value) in x.iter_mut().enumerate() {
		if masked.get(index) != Some(&false) {
			*value = I32F32::ZERO;
		}
	}
}

/// True for the `k` largest values that are not zero; the later of two equal values counts as larger.
pub fn is_topk_nonzero(x: &[I32F32], k: usize) -> Vec<bool> {
	let mut result: Vec<bool> = x.iter().map(|value| *value != 0).collect();
	let mut ascending: Vec<usize> = (0..x.len()).collect();
	ascending.sort_by_key(|index| x[*index]);
	for index in ascending.into_iter().take(x.len().saturating_sub(k)) {
		result[index] = false;
	}
	result
}

/// Keeps the cells (row, column) for which `keep` is true.
pub fn retain(matrix: &mut Matrix, keep: impl Fn(usize, usize) -> bool) {
	for (i, row) in matrix.iter_mut().enumerate() {
		row.retain(|(j, _)| keep(i, usize::from(*j)));
	}
}

pub fn row_sums(matrix: &Matrix) -> Vec<I32F32> {
	matrix
		.iter()
		.map(|row| sum(row.iter().map(|(_, value)| value)))
		.collect()
}

/// Scales each row to sum to 1.
pub fn normalize_rows(matrix: &mut Matrix) {
	let sums = row_sums(matrix);
	for (row, sum) in matrix.iter_mut().zip(sums) {
		if sum > 0 {
			row.iter_mut()
				.for_each(|(_, value)| *value = safe_div(*value, sum));
		}
	}
}

/// Scales each column to sum to 1.
pub fn normalize_columns(matrix: &mut Matrix, columns: usize) {
	let sums = fold_columns(matrix, columns, |sum, value| sum.saturating_add(value));
	divide_columns(matrix, &sums);
}

/// Scales each column so that its largest value is 1.
pub fn upscale_columns(matrix: &mut Matrix, columns: usize) {
	let maxima = fold_columns(matrix, columns, |max, value| max.max(value));
	divide_columns(matrix, &maxima);
}

fn fold_columns(matrix: &Matrix, columns: usize, fold: impl Fn(I32F32, I32F32) -> I32F32) -> Vec<I32F32> {
	let mut result = vec![I32F32::ZERO; columns];
	for (j, value) in matrix.iter().flatten() {
		let cell = &mut result[usize::from(*j)];
		*cell = fold(*cell, *value);
	}
	result
}

fn divide_columns(matrix: &mut Matrix, divisors: &[I32F32]) {
	for (j, value) in matrix.iter_mut().flatten() {
		let divisor = divisors[usize::from(*j)];
		if divisor != 0 {
			*value = safe_div(*value, divisor);
		}
	}
}

/// Multiplies each row by its element of the vector.
pub fn scale_rows(matrix: &Matrix, vector: &[I32F32]) -> Matrix {
	let scaled = |(row, scale): (&Vec<(u16, I32F32)>, &I32F32)| {
		row.iter()
			.map(|(j, value)| (*j, value.saturating_mul(*scale)))
			.collect()
	};
	matrix.iter().zip(vector).map(scaled).collect()
}

/// `result[j] = Σ_i vector[i] · matrix[i][j]`.
pub fn vector_times_matrix(vector: &[I32F32], matrix: &Matrix, columns: usize) -> Vec<I32F32> {
	fold_columns(&scale_rows(matrix, vector), columns, |sum, value| {
		sum.saturating_add(value)
	})
}

/// `result[i] = Σ_j matrix[i][j] · vector[j]`.
pub fn matrix_times_vector(matrix: &Matrix, vector: &[I32F32]) -> Vec<I32F32> {
	let dot = |row: &Vec<(u16, I32F32)>| {
		row.iter().fold(I32F32::ZERO, |sum, (j, value)| {
			sum.saturating_add(vector[usize::from(*j)].saturating_mul(*value))
		})
	};
	matrix.iter().map(dot).collect()
}

/// Cuts each value to its column's limit; what is cut to zero is dropped.
pub fn clip_columns(matrix: &Matrix, limits: &[I32F32]) -> Matrix {
	let clip = |(j, value): &(u16, I32F32)| {
		let limit = limits[usize::from(*j)];
		if limit >= *value {
			Some((*j, *value))
		} else {
			(limit > 0).then_some((*j, limit))
		}
	};
	matrix
		.iter()
		.map(|row| row.iter().filter_map(clip).collect())
		.collect()
}

/// `(1 − ratio) · from + ratio · to`, keeping what is positive; exact at 0 and 1.
pub fn interpolate(from: &Matrix, to: &Matrix, columns: usize, ratio: I32F32) -> Matrix {
	if ratio == 0 {
		return from.clone();
	}
	if ratio == 1 {
		return to.clone();
	}
	let between = |(from, to): (&Vec<(u16, I32F32)>, &Vec<(u16, I32F32)>)| {
		let cells = dense(from, columns).into_iter().zip(dense(to, columns));
		let between = |(a, b): (I32F32, I32F32)| a.saturating_add(ratio.saturating_mul(b.saturating_sub(a)));
		positive(cells.map(between))
	};
	from.iter().zip(to).map(between).collect()
}

/// Exponential moving average `alpha · new + (1 − alpha) · old`, keeping what is positive.
pub fn moving_average(new: &Matrix, old: &Matrix, columns: usize, alpha: I32F32) -> Matrix {
	let rest = I32F32::ONE.saturating_sub(alpha);
	let average = |(new, old): (&Vec<(u16, I32F32)>, &Vec<(u16, I32F32)>)| {
		let mut cells = vec![I32F32::ZERO; columns];
		for (row, part) in [(new, alpha), (old, rest)] {
			for (j, value) in row {
				let cell = &mut cells[usize::from(*j)];
				*cell = cell.saturating_add(part.saturating_mul(*value));
			}
		}
		positive(cells.into_iter())
	};
	new.iter().zip(old).map(average).collect()
}

fn positive(cells: impl Iterator<Item = I32F32>) -> Vec<(u16, I32F32)> {
	(0_u16..=u16::MAX)
		.zip(cells)
		.filter(|(_, value)| *value > 0)
		.collect()
}

/// A row with its zeros; of two cells in one column the later counts.
pub fn dense(row: &[(u16, I32F32)], columns: usize) -> Vec<I32F32> {
	let mut result = vec![I32F32::ZERO; columns];
	for (j, value) in row {
		result[usize::from(*j)] = *value;
	}
	result
}

/// For each column, the largest score that a `majority` of stake gives it at least. Rows without stake do not count.
pub fn weighted_median_columns(
	stake: &[I32F32],
	score: &Matrix,
	columns: usize,
	majority: I32F32,
) -> Vec<I32F32> {
	let mut voting: Vec<I32F32> = stake.iter().copied().filter(|stake| *stake > 0).collect();
	normalize(&mut voting);
	let minority = sum(&voting).saturating_sub(majority);
	let mut scores = vec![vec![I32F32::ZERO; voting.len()]; columns];
	let rows = stake
		.iter()
		.zip(score)
		.filter(|(stake, _)| **stake > 0)
		.map(|(_, row)| row);
	for (voter, row) in rows.enumerate() {
		for (j, value) in row {
			scores[usize::from(*j)][voter] = *value;
		}
	}
	scores
		.iter()
		.map(|scores| weighted_median(&voting, scores, minority))
		.collect()
}

/// The score at which stake, summed by rising score, passes `minority`. `stake` sums to 1.
///
/// Halves the candidates around a pivot, as Subtensor does, since the order of its additions decides about the last bit.
pub fn weighted_median(stake: &[I32F32], score: &[I32F32], minority: I32F32) -> I32F32 {
	let mut candidates: Vec<usize> = (0..score.len()).collect();
	let (mut low, mut high) = (I32F32::ZERO, sum(stake));
	while candidates.len() > 1 {
		let pivot = score[candidates[candidates.len() / 2]];
		let part = |keep: &dyn Fn(I32F32) -> bool| -> (Vec<usize>, I32F32) {
			let part: Vec<usize> = candidates
				.iter()
				.copied()
				.filter(|index| keep(score[*index]))
				.collect();
			let sum = part
				.iter()
				.fold(I32F32::ZERO, |sum, index| sum.saturating_add(stake[*index]));
			(part, sum)
		};
		let (lower, lower_stake) = part(&|score| score < pivot);
		let (upper, upper_stake) = part(&|score| score > pivot);
		if minority < low.saturating_add(lower_stake) && !lower.is_empty() {
			high = low.saturating_add(lower_stake);
			candidates = lower;
		} else if high.saturating_sub(upper_stake) <= minority && !upper.is_empty() {
			low = high.saturating_sub(upper_stake);
			candidates = upper;
		} else {
			return pivot;
		}
	}
	candidates.first().map(|index| score[*index]).unwrap_or_default()
}

/// Scales weights so that the largest is 65535, rounding to nearest; all zero stays so.
pub fn max_upscale_to_u16(weights: &[u16]) -> Vec<u16> {
	let full = I32F32::from_num(u16::MAX);
	let max = I32F32::from_num(weights.iter().copied().max().unwrap_or_default());
	let upscale = |weight: &u16| {
		let weight = I32F32::from_num(*weight);
		// Above 32768 the product overflows I32F32, so the quotient comes first.
		let scaled = if max > 32_768 {
			weight.saturating_mul(safe_div(full, max))
		} else {
			safe_div(weight.saturating_mul(full), max)
		};
		scaled.round().saturating_to_num()
	};
	weights.iter().map(upscale).collect()
}

/// True where no weight is more than `limit` / 65535 of all.
pub fn is_max_limited(weights: &[u16], limit: u16) -> bool {
	let mut shares: Vec<I32F32> = weights.iter().map(|weight| I32F32::from_num(*weight)).collect();
	normalize(&mut shares);
	shares.into_iter().all(|share| share <= proportion(limit))
}
