use crate::epoch::math::*;
use fixed::types::I32F32;

fn fixed(values: &[f64]) -> Vec<I32F32> {
	values.iter().map(|value| I32F32::from_num(*value)).collect()
}

#[test]
fn division_by_zero_is_zero_and_division_rounds_down() {
	assert_eq!(safe_div(I32F32::ONE, I32F32::ZERO), 0);
	assert_eq!(
		safe_div(I32F32::ONE, I32F32::from_num(3)).to_bits(),
		(1_i64 << 32) / 3
	);
}

#[test]
fn normalizing_zero_changes_nothing() {
	let mut zeros = fixed(&[0.0, 0.0]);
	normalize(&mut zeros);
	assert_eq!(zeros, fixed(&[0.0, 0.0]));
	assert_eq!(normalize_amounts(&[0, 0]), fixed(&[0.0, 0.0]));
}

#[test]
fn amounts_beyond_32_bits_are_normalized() {
	assert_eq!(normalize_amounts(&[3 << 60, 1 << 60]), fixed(&[0.75, 0.25]));
}

#[test]
fn the_top_k_leave_out_zeros_and_prefer_later_equals() {
	assert_eq!(
		is_topk_nonzero(&fixed(&[0.1, 0.0, 0.3, 0.3]), 2),
		[false, false, true, true]
	);
	assert_eq!(is_topk_nonzero(&fixed(&[0.3, 0.3, 0.3]), 1), [false, false, true]);
	assert_eq!(is_topk_nonzero(&fixed(&[0.1, 0.0]), 5), [true, false]);
	assert_eq!(is_topk_nonzero(&fixed(&[0.1, 0.2]), 0), [false, false]);
}

#[test]
fn the_median_is_where_stake_passes_the_minority() {
	let stake = fixed(&[0.25, 0.25, 0.5]);
	let score = fixed(&[0.1, 0.2, 0.9]);
	let median = |minority| weighted_median(&stake, &score, I32F32::from_num(minority));
	assert_eq!(median(0.0), I32F32::from_num(0.1));
	assert_eq!(median(0.25), I32F32::from_num(0.2));
	assert_eq!(median(0.49), I32F32::from_num(0.2));
	assert_eq!(median(0.5), I32F32::from_num(0.9));
	assert_eq!(weighted_median(&[], &[], I32F32::ZERO), 0);
}

#[test]
fn the_median_agrees_with_a_sort() {
	// Stakes in 1/64 are exact, so the order of additions cannot matter.
	let mut state = 7_u64;
	let mut random = |bound: u64| {
		state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
		(state >> 33) % bound
	};
	for _ in 0..500 {
		let n = 1 + random(9) as usize;
		let mut parts: Vec<u64> = (0..n).map(|_| 1 + random(5)).collect();
		parts[0] += 64 - parts.iter().sum::<u64>();
		let stake: Vec<I32F32> = parts.iter().map(|part| I32F32::from_num(*part) / 64).collect();
		let score: Vec<I32F32> = (0..n).map(|_| I32F32::from_num(random(4)) / 4).collect();
		let minority = I32F32::from_num(random(64)) / 64;
		let mut sorted: Vec<usize> = (0..n).collect();
		sorted.sort_by_key(|index| score[*index]);
		let mut sum = I32F32::ZERO;
		let expected = sorted.into_iter().find(|index| {
			sum += stake[*index];
			sum > minority
		});
		let expected = expected.map(|index| score[index]).unwrap();
		assert_eq!(
			weighted_median(&stake, &score, minority),
			expected,
			"{stake:?} {score:?} {minority}"
		);
	}
}

#[test]
fn clipping_drops_what_falls_to_zero() {
	let matrix = vec![vec![(0, I32F32::ONE), (1, I32F32::ONE)]];
	assert_eq!(
		clip_columns(&matrix, &fixed(&[0.5, 0.0])),
		vec![vec![(0, I32F32::from_num(0.5))]]
	);
}

#[test]
fn columns_are_normalized_and_upscaled() {
	let half = I32F32::from_num(0.5);
	let matrix = vec![vec![(0, I32F32::from_num(3)), (1, half)], vec![(0, I32F32::ONE)]];
	let mut normalized = matrix.clone();
	normalize_columns(&mut normalized, 2);
	assert_eq!(
		normalized,
		vec![
			vec![(0, I32F32::from_num(0.75)), (1, I32F32::ONE)],
			vec![(0, half / 2)]
		]
	);
	let mut upscaled = matrix;
	upscale_columns(&mut upscaled, 2);
	assert_eq!(upscaled[1], vec![(0, safe_div(I32F32::ONE, I32F32::from_num(3)))]);
}

#[test]
fn weights_are_upscaled_to_the_nearest() {
	assert_eq!(max_upscale_to_u16(&[1, 2, 3]), [21_845, 43_690, 65_535]);
	// The quotient 65535 / 40000 is rounded down first, so the half is just missed.
	assert_eq!(max_upscale_to_u16(&[40_000, 20_000]), [65_535, 32_767]);
	assert_eq!(max_upscale_to_u16(&[0, 0]), [0, 0]);
	assert!(max_upscale_to_u16(&[]).is_empty());
}

#[test]
fn a_limit_holds_for_shares_of_the_sum() {
	assert!(is_max_limited(&[1, 1], u16::MAX / 2 + 1));
	assert!(!is_max_limited(&[1, 3], u16::MAX / 2));
}
