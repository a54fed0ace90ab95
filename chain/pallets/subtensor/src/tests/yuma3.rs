use super::mock::*;
use crate::{
	epoch::{
		liquid_alpha::{exp, liquid_moving_average},
		math::{moving_average, Matrix},
		types::{EpochInput, LiquidAlpha},
		yuma::run,
	},
	*,
};
use fixed::types::I32F32;

const LIQUID: LiquidAlpha = LiquidAlpha {
	alpha_low: 6_553,
	alpha_high: 19_660,
	alpha_sigmoid_steepness: 1_000,
};

/// Validators 0 and 1 with these stakes and weights on miners 2 and 3.
fn subnet(stakes: [u64; 2], weights: [[u16; 2]; 2]) -> EpochInput {
	let mut rows: Vec<Vec<(u16, u16)>> = weights.iter().map(|[a, b]| vec![(2, *a), (3, *b)]).collect();
	rows.resize(4, vec![]);
	EpochInput {
		block: 100,
		last_step: 90,
		activity_cutoff: 5_000,
		kappa: 32_767,
		bonds_moving_average: 900_000,
		max_validators: 64,
		yuma3: true,
		stake: [stakes.to_vec(), vec![0, 0]].concat(),
		last_update: vec![95; 4],
		block_at_registration: vec![1; 4],
		validator_permit: vec![true, true, false, false],
		weights: rows,
		bonds: vec![vec![]; 4],
		emission: TAO,
		..Default::default()
	}
}

fn fixed(value: f64) -> I32F32 {
	I32F32::from_num(value)
}

fn dense(rows: &[[f64; 4]]) -> Matrix {
	let row = |row: &[f64; 4]| (0..).zip(row).map(|(j, value)| (j, fixed(*value))).collect();
	rows.iter().map(row).collect()
}

#[test]
fn a_bond_does_not_depend_on_stake_but_what_it_earns_does() {
	let output = run(&subnet([9, 1], [[1, 0], [1, 0]]));
	// A tenth of full weight.
	assert_eq!(output.bonds[0], [(2, 6_553)]);
	assert_eq!(output.bonds[1], [(2, 6_553)]);
	assert!(
		output.dividends[0].abs_diff(58_981) <= 1,
		"{:?}",
		output.dividends
	);
	assert!(output.dividends[1].abs_diff(6_553) <= 1, "{:?}", output.dividends);
}

#[test]
fn liquid_alpha_lets_who_is_ahead_of_consensus_bond_faster() {
	let mut input = subnet([8, 2], [[1, 0], [0, 1]]);
	input.liquid_alpha = Some(LIQUID);
	let output = run(&input);
	let (follower, leader) = (output.bonds[0][0].1, output.bonds[1][0].1);
	// Nearly the lowest and nearly the highest alpha.
	assert!((6_553..6_700).contains(&follower), "{follower}");
	assert!((19_500..=19_660).contains(&leader), "{leader}");
}

#[test]
fn without_consensus_liquid_alpha_does_not_count() {
	let mut input = subnet([1, 1], [[1, 0], [0, 1]]);
	input.kappa = u16::MAX;
	let plain = run(&input);
	assert_eq!(plain.consensus, [0; 4]);
	input.liquid_alpha = Some(LIQUID);
	assert_eq!(run(&input), plain);
	assert_eq!(plain.bonds[0], [(2, 6_553)]);
}

#[test]
fn yuma_2_has_no_liquid_alpha() {
	let mut input = subnet([8, 2], [[1, 0], [0, 1]]);
	input.yuma3 = false;
	let plain = run(&input);
	input.liquid_alpha = Some(LIQUID);
	assert_eq!(run(&input), plain);
}

/// Numbers of Subtensor's `test_liquid_alpha_equal_values_against_itself`.
#[test]
fn liquid_alpha_between_two_equal_bounds_is_one_alpha() {
	let weights = dense(&[[0.0, 0.1, 0.0, 0.0], [0.2, 0.4, 0.0, 0.3], [0.1, 0.0, 0.4, 0.5]]);
	let bonds = dense(&[[0.1, 0.1, 0.5, 0.0], [0.0, 0.4, 0.5, 0.1], [0.1, 0.0, 0.4, 0.2]]);
	let consensus = [0.3, 0.2, 0.1, 0.4].map(fixed);
	let tenth = u16::MAX / 10;
	let parameters = LiquidAlpha {
		alpha_low: tenth,
		alpha_high: tenth,
		..LIQUID
	};
	let liquid = liquid_moving_average(&weights, &bonds, &consensus, &parameters);
	let plain = moving_average(&weights, &bonds, 4, fixed(0.1));
	for (liquid, plain) in liquid.iter().zip(&plain) {
		assert!(!plain.is_empty());
		assert_eq!(liquid.len(), plain.len());
		for ((j, a), (k, b)) in liquid.iter().zip(plain) {
			assert_eq!(j, k);
			assert!((*a - *b).abs() < fixed(1e-3), "{a} is not about {b}");
		}
	}
}

#[test]
fn under_liquid_alpha_a_bond_without_a_weight_is_gone() {
	let weights = vec![vec![(0, fixed(1.0))]];
	let bonds = vec![vec![(0, fixed(0.5)), (1, fixed(0.5))]];
	let grown = liquid_moving_average(&weights, &bonds, &[fixed(0.5); 2], &LIQUID);
	assert_eq!(grown[0].len(), 1);
	// A weight of zero keeps it.
	let weights = vec![vec![(0, fixed(1.0)), (1, fixed(0.0))]];
	assert_eq!(
		liquid_moving_average(&weights, &bonds, &[fixed(0.5); 2], &LIQUID)[0].len(),
		2
	);
}

#[test]
fn a_weight_behind_a_larger_column_is_overlooked_when_alpha_is_chosen() {
	let (first, second) = ((0, fixed(1.0)), (1, fixed(1.0)));
	let bonds = vec![vec![]];
	let grow = |row| liquid_moving_average(&vec![row], &bonds, &[fixed(0.2); 2], &LIQUID).remove(0);
	let sorted = grow(vec![first, second]);
	let swapped = grow(vec![second, first]);
	assert_eq!(swapped[0], sorted[1]);
	assert_eq!(swapped[1].0, 0);
	// Seen as zero, it is not above consensus, so its alpha is the lowest.
	assert!(swapped[1].1 < sorted[0].1 / 2, "{} {}", swapped[1].1, sorted[0].1);
}

#[test]
fn exp_follows_e_and_stops_at_twenty() {
	assert_eq!(exp(fixed(0.0)), 1);
	assert_eq!(exp(fixed(1.0)).to_bits(), 11_674_931_200);
	for step in -80..=80 {
		let x = f64::from(step) / 4.0;
		let (actual, expected) = (exp(fixed(x)).to_num::<f64>(), x.exp());
		// 31 terms: short of e^20 by one percent, and of e^10 by nothing that shows.
		let allowed = if x.abs() > 10.0 {
			expected * 0.01
		} else {
			expected * 1e-6
		} + 1e-9;
		assert!(
			(actual - expected).abs() <= allowed,
			"e^{x}: {actual} is not {expected}"
		);
	}
	// To the last bit, as substrate-fixed 0.6.0 has them.
	let exact = [
		(-20.0, 8),
		(-7.25, 3_050_175),
		(-1.0, 1_580_030_169),
		(-0.5, 2_605_029_348),
		(0.5, 7_081_203_935),
		(1.5, 19_248_707_983),
		(3.0, 86_266_724_198),
		(10.5, 155_973_884_984_829),
		(17.0, 103_667_226_657_551_675),
		(20.0, 2_066_907_302_758_576_256),
	];
	for (x, bits) in exact {
		assert_eq!(exp(fixed(x)).to_bits(), bits, "e^{x}");
	}
	assert_eq!(exp(I32F32::MAX), exp(fixed(20.0)));
	assert_eq!(exp(I32F32::MIN), exp(fixed(-20.0)));
}

#[test]
fn the_chain_runs_the_version_that_is_set() {
	with_subnet(|| {
		register_validator(2, 1_000);
		register(3);
		run_epoch();
		set_weights(2, &[(2, 1)]);
		run_epoch();
		assert_eq!(Bonds::<Test>::get(NETUID, 1), vec![(2, 65_535)]);

		Subtensor::set_yuma3_enabled(NETUID, true);
		Bonds::<Test>::remove(NETUID, 1);
		run_epoch();
		assert_eq!(Bonds::<Test>::get(NETUID, 1), vec![(2, 6_553)]);

		assert_eq!(Subtensor::epoch_input(NETUID, 0).liquid_alpha, None);
		Subtensor::set_liquid_alpha_enabled(NETUID, true);
		let default = LiquidAlpha {
			alpha_low: 45_875,
			alpha_high: 58_982,
			alpha_sigmoid_steepness: 1_000,
		};
		assert_eq!(Subtensor::epoch_input(NETUID, 0).liquid_alpha, Some(default));
		run_epoch();
		// Seven tenths at least: liquid alpha goes faster than the tenth of before.
		assert!(Bonds::<Test>::get(NETUID, 1)[0].1 > 45_875);
	});
}
