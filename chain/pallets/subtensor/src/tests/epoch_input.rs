//! What `run` makes of input that no subnet has, and how input is encoded.

use super::mock::TAO;
use crate::epoch::{
	types::{EpochInput, EpochOutput, LiquidAlpha},
	yuma::run,
};
use codec::{Decode, Encode};

/// Validators 0 and 1 and miner 2, whom both weigh.
fn subnet() -> EpochInput {
	EpochInput {
		block: 100,
		tempo: 10,
		last_step: 90,
		activity_cutoff: 50,
		kappa: 32_767,
		bonds_penalty: u16::MAX,
		bonds_moving_average: 900_000,
		max_validators: 64,
		stake: vec![TAO; 3],
		last_update: vec![95; 3],
		block_at_registration: vec![1; 3],
		validator_permit: vec![true, true, false],
		weights: vec![vec![(2, 1)], vec![(2, 1)], vec![]],
		bonds: vec![vec![]; 3],
		emission: TAO,
		..Default::default()
	}
}

fn lengths(output: &EpochOutput) -> [usize; 11] {
	[
		output.active.len(),
		output.stake_weight.len(),
		output.consensus.len(),
		output.incentive.len(),
		output.dividends.len(),
		output.validator_trust.len(),
		output.validator_permit.len(),
		output.bonds.len(),
		output.server_emission.len(),
		output.validator_emission.len(),
		output.emission.len(),
	]
}

#[test]
fn what_is_too_long_is_ignored() {
	let mut long = subnet();
	long.last_update.push(0);
	long.block_at_registration.push(99);
	long.first_commit_block = vec![None, None, None, Some(1)];
	long.validator_permit.push(true);
	long.weights[0].push((3, 9));
	long.weights.push(vec![(0, 1)]);
	long.bonds[0].push((9, 9));
	long.bonds.push(vec![(2, 5)]);
	assert_eq!(run(&long), run(&subnet()));
}

#[test]
fn a_neuron_without_a_last_update_is_inactive_and_its_weights_do_not_count() {
	let mut input = subnet();
	input.last_update.truncate(1);
	let output = run(&input);
	assert_eq!(output.active, [true, false, false]);
	assert_eq!(output.dividends, [65_535, 0, 0]);
	assert_eq!(output.validator_trust, [65_535, 0, 0]);
}

#[test]
fn a_neuron_without_a_permit_has_none() {
	let mut input = subnet();
	input.validator_permit.truncate(1);
	assert_eq!(run(&input).dividends, [65_535, 0, 0]);
	// Subtensor masks nobody's stake for that then, but still no weight counts.
	input.validator_permit.clear();
	input.last_update[2] = 40;
	let output = run(&input);
	assert_eq!(output.incentive, [0; 3]);
	assert_eq!(output.validator_emission, [TAO / 2, TAO / 2, 0]);
}

#[test]
fn missing_rows_are_empty_and_missing_registrations_are_old() {
	let mut input = subnet();
	input.weights.truncate(1);
	input.bonds.clear();
	input.block_at_registration.clear();
	input.kappa = 20_000;
	let output = run(&input);
	assert_eq!(output.incentive, [0, 0, 65_535]);
	assert_eq!(output.dividends, [65_535, 0, 0]);
}

#[test]
fn a_neuron_without_a_commit_keeps_its_weights() {
	let mut input = subnet();
	input.block_at_registration[2] = 94;
	input.first_commit_block = vec![Some(93)];
	input.kappa = 20_000;
	let output = run(&input);
	assert_eq!(output.validator_trust, [0, 65_535, 0]);
	// A commit in the block of the registration may have seen it.
	input.first_commit_block = vec![Some(94)];
	assert_eq!(run(&input).validator_trust, [65_535, 65_535, 0]);
}

#[test]
fn no_input_makes_it_panic() {
	let mut state = 11_u64;
	let mut random = move |bound: u64| {
		state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
		(state >> 33) % bound
	};
	for _ in 0..2_000 {
		let n = random(6) as usize;
		let mut huge = |bound: u64| [0, 1, random(bound), u64::MAX][random(4) as usize];
		let mut input = EpochInput {
			block: huge(1_000),
			last_step: huge(1_000),
			activity_cutoff: huge(1_000),
			bonds_moving_average: huge(2_000_000),
			stake_threshold: huge(100),
			emission: huge(TAO),
			stake: (0..n).map(|_| huge(TAO)).collect(),
			last_update: (0..n).map(|_| huge(1_000)).collect(),
			block_at_registration: (0..n).map(|_| huge(1_000)).collect(),
			..Default::default()
		};
		let mut share = || [0, 1, random(65_536) as u16, u16::MAX][random(4) as usize];
		input.tempo = share();
		input.kappa = share();
		input.bonds_penalty = share();
		input.max_validators = share();
		input.owner_uid = Some(share() % 8);
		input.yuma3 = share() % 2 == 0;
		input.liquid_alpha = (share() % 2 == 0).then(|| LiquidAlpha {
			alpha_low: share(),
			alpha_high: share(),
			alpha_sigmoid_steepness: share() as i16,
		});
		let mut row = || {
			(0..share() % 8)
				.map(|_| (share() % 8, share()))
				.collect::<Vec<_>>()
		};
		input.weights = (0..7).map(|_| row()).collect();
		input.bonds = (0..7).map(|_| row()).collect();
		input.weights.truncate(random(8) as usize);
		input.bonds.truncate(random(8) as usize);
		input.last_update.truncate(random(8) as usize);
		input.block_at_registration.truncate(random(8) as usize);
		input.validator_permit = (0..random(8)).map(|_| random(3) > 0).collect();
		input.first_commit_block = (0..random(8))
			.map(|_| (random(2) > 0).then(|| random(1_000)))
			.collect();
		assert_eq!(lengths(&run(&input)), [n; 11], "{input:?}");
	}
}

/// Clients encode by hand what research needs to be fast, so the order of fields is part of the API.
#[test]
fn input_is_encoded_in_the_order_of_its_fields() {
	let input = EpochInput {
		owner_uid: Some(3),
		yuma3: true,
		liquid_alpha: Some(LiquidAlpha {
			alpha_low: 1,
			alpha_high: 2,
			alpha_sigmoid_steepness: -3,
		}),
		first_commit_block: vec![None, Some(4)],
		..subnet()
	};
	let rules = (
		(input.block, input.tempo, input.last_step, input.activity_cutoff),
		(input.kappa, input.bonds_penalty, input.bonds_moving_average),
		(input.max_validators, input.stake_threshold, input.owner_uid),
		(input.yuma3, Some((1_u16, 2_u16, -3_i16))),
	);
	let neurons = (
		(&input.stake, &input.last_update, &input.block_at_registration),
		(&input.first_commit_block, &input.validator_permit),
		(&input.weights, &input.bonds, input.emission),
	);
	let bytes = (rules, neurons).encode();
	assert_eq!(input.encode(), bytes);
	assert_eq!(EpochInput::decode(&mut bytes.as_slice()), Ok(input));
}
