use crate::epoch::{
	types::{EpochInput, EpochOutput},
	yuma::run,
};

const TAO: u64 = 1_000_000_000;

/// Validators 0 to 2 with these stakes and weights on miners 3 and 4, at block 100, registered at block 1.
fn subnet(stakes: [u64; 3], weights: [[u16; 2]; 3]) -> EpochInput {
	let mut rows: Vec<Vec<(u16, u16)>> = weights.iter().map(|[a, b]| vec![(3, *a), (4, *b)]).collect();
	rows.resize(5, vec![]);
	EpochInput {
		block: 100,
		tempo: 10,
		last_step: 90,
		activity_cutoff: 5_000,
		kappa: 32_767,
		bonds_penalty: u16::MAX,
		bonds_moving_average: 900_000,
		max_validators: 64,
		stake: stakes.iter().map(|stake| stake * TAO).chain([0, 0]).collect(),
		last_update: vec![95; 5],
		block_at_registration: vec![1; 5],
		validator_permit: vec![true, true, true, false, false],
		weights: rows,
		bonds: vec![vec![]; 5],
		emission: 10 * TAO,
		..Default::default()
	}
}

/// Runs an epoch and puts its bonds and permits into the next.
fn advance(input: &mut EpochInput) -> EpochOutput {
	let output = run(input);
	input.bonds = output.bonds.clone();
	input.validator_permit = output.validator_permit.clone();
	input.last_step = input.block;
	input.block += 10;
	output
}

#[test]
fn agreement_gives_full_trust_and_equal_dividends() {
	let output = run(&subnet([1, 1, 1], [[1, 1]; 3]));
	// A third in 32 bits, three times, is just below one.
	assert_eq!(output.incentive, [0, 0, 0, 32_767, 32_767]);
	assert_eq!(output.dividends, [21_844, 21_844, 21_844, 0, 0]);
	assert_eq!(output.consensus, [0, 0, 0, 32_767, 32_767]);
	assert_eq!(output.validator_trust, [65_535, 65_535, 65_535, 0, 0]);
	assert_eq!(output.emission[3..], output.server_emission[3..]);
}

#[test]
fn a_minority_is_clipped_to_consensus() {
	let output = run(&subnet([40, 40, 20], [[1, 0], [1, 0], [0, 1]]));
	assert_eq!(output.incentive, [0, 0, 0, 65_535, 0]);
	assert_eq!(output.consensus[4], 0);
	assert_eq!(output.validator_trust[2], 0);
	assert_eq!(output.dividends[2], 0);
}

#[test]
fn a_majority_carries_its_weights() {
	let output = run(&subnet([20, 20, 60], [[1, 0], [1, 0], [0, 1]]));
	assert_eq!(output.incentive, [0, 0, 0, 0, 65_535]);
	assert_eq!(output.dividends, [0, 0, 65_535, 0, 0]);
}

#[test]
fn without_penalty_bonds_keep_weights_above_consensus() {
	let mut input = subnet([40, 40, 20], [[1, 1], [1, 1], [3, 1]]);
	let strict = run(&input);
	input.bonds_penalty = 0;
	let lenient = run(&input);
	assert!(lenient.dividends[2] > strict.dividends[2]);
	assert_eq!(lenient.incentive, strict.incentive);
}

#[test]
fn bonds_are_an_average_over_epochs() {
	let mut input = subnet([1, 1, 1], [[1, 0], [1, 0], [1, 1]]);
	let first = advance(&mut input);
	assert_eq!(first.bonds[0], [(3, 65_535)]);
	// The third puts half of its weight there, but consensus is full weight, so its bond is half.
	assert_eq!(first.bonds[2], [(3, 32_767)]);
	// It moves all its weight there: the bond goes a tenth of the way in the first epoch.
	input.weights[2] = vec![(3, 1)];
	let second = advance(&mut input);
	let bond = second.bonds[2][0].1;
	assert!((32_768..40_000).contains(&bond), "{bond}");
	let third = advance(&mut input);
	assert!(third.bonds[2][0].1 > bond);
}

#[test]
fn emission_never_exceeds_what_is_given() {
	for emission in [0, 1, 7, TAO, 360 * TAO, u64::MAX / 4] {
		let mut input = subnet([5, 3, 2], [[1, 2], [2, 1], [1, 1]]);
		input.emission = emission;
		let output = run(&input);
		let paid: u128 = output
			.server_emission
			.iter()
			.chain(&output.validator_emission)
			.map(|rao| u128::from(*rao))
			.sum();
		assert!(paid <= u128::from(emission));
	}
}

#[test]
fn without_weights_emission_follows_active_stake() {
	let mut input = subnet([3, 1, 0], [[0, 0]; 3]);
	let output = run(&input);
	assert_eq!(output.server_emission, [0; 5]);
	assert_eq!(output.validator_emission, [15 * TAO / 2, 5 * TAO / 2, 0, 0, 0]);
	// Inactive stake counts only when there is no other.
	input.activity_cutoff = 0;
	input.last_update[1] = 100;
	assert_eq!(run(&input).validator_emission, [0, 10 * TAO, 0, 0, 0]);
	input.last_update[1] = 95;
	assert_eq!(run(&input).validator_emission, output.validator_emission);
}

#[test]
fn weights_older_than_their_target_do_not_count() {
	let mut input = subnet([1, 1, 1], [[1, 1]; 3]);
	input.block_at_registration[4] = 95;
	assert_eq!(run(&input).incentive, [0, 0, 0, 65_535, 0]);
}

#[test]
fn bonds_with_a_new_neuron_start_afresh() {
	let mut input = subnet([1, 1, 1], [[1, 1]; 3]);
	input.bonds = vec![vec![(4, 65_535)], vec![], vec![], vec![], vec![]];
	let kept = run(&input);
	assert!(kept.bonds[0][1].1 > kept.bonds[1][1].1);
	// The last epoch was at 90. Subtensor counts a neuron as new from the block after it.
	input.block_at_registration[4] = 91;
	let fresh = run(&input);
	assert_eq!(fresh.bonds[0], fresh.bonds[1]);
}

#[test]
fn only_the_owner_may_weigh_itself() {
	let mut input = subnet([1, 1, 1], [[1, 0]; 3]);
	input.weights[0] = vec![(0, 1)];
	input.kappa = 0;
	assert_eq!(run(&input).incentive[0], 0);
	input.owner_uid = Some(0);
	// With a majority of nothing the largest weight is consensus.
	assert!(run(&input).incentive[0] > 0);
}

#[test]
fn stake_below_the_threshold_gets_no_permit() {
	let mut input = subnet([10, 5, 1], [[1, 1]; 3]);
	input.stake_threshold = 5 * TAO;
	let output = run(&input);
	assert_eq!(output.validator_permit, [true, true, false, false, false]);
	assert_eq!(output.stake_weight, [43_689, 21_844, 0, 0, 0]);
}

#[test]
fn the_owner_counts_below_the_threshold_too() {
	let mut input = subnet([10, 5, 1], [[1, 1]; 3]);
	input.stake_threshold = 5 * TAO;
	input.owner_uid = Some(2);
	let output = run(&input);
	assert_eq!(output.validator_permit, [true, true, true, false, false]);
	assert_eq!(output.stake_weight, [40_959, 20_479, 4_095, 0, 0]);
}

#[test]
fn stake_is_compared_with_the_threshold_as_far_as_63_bits_go() {
	let mut input = subnet([1, 1, 1], [[1, 1]; 3]);
	input.stake[0] = u64::MAX;
	input.stake_threshold = 1 << 63;
	assert_eq!(run(&input).stake_weight, [0; 5]);
	input.stake_threshold -= 1;
	assert_eq!(run(&input).stake_weight, [65_535, 0, 0, 0, 0]);
}

#[test]
fn an_empty_subnet_has_an_empty_outcome() {
	assert_eq!(run(&EpochInput::default()), EpochOutput::default());
}
