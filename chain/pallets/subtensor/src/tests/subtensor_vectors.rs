//! Numbers of Subtensor's own test `test_bonds` (spec 425, `pallets/subtensor/src/tests/epoch.rs`): four validators with
//! stakes 1 to 4, four miners, and weights that change from epoch to epoch. Bonds are what that test asserts, emission
//! is what its comments print.

use crate::epoch::{types::EpochInput, yuma::run};

const WEIGHTS: [(u16, u16); 4] = [(4, 16_383), (5, 32_767), (6, 49_149), (7, 65_535)];

/// What changes before an epoch, and what the epoch gives.
struct Step {
	/// A validator and its new weights.
	change: Option<(usize, &'static [(u16, u16)])>,
	miner: u16,
	/// Bonds of the four validators with that miner.
	bonds: [u16; 4],
	/// Rao by uid, of a billion.
	emission: [u64; 8],
}

const STEPS: [Step; 7] = [
	Step {
		change: None,
		miner: 4,
		bonds: [16_383, 32_767, 49_151, 65_535],
		emission: [
			49_999_998,
			99_999_999,
			150_000_000,
			200_000_001,
			49_998_779,
			100_000_610,
			149_996_337,
			200_004_272,
		],
	},
	Step {
		change: Some((0, &[(0, 65_535)])),
		miner: 4,
		bonds: [14_582, 32_767, 49_151, 65_535],
		emission: [
			44_998_351,
			101_110_561,
			151_667_215,
			202_223_870,
			49_998_779,
			100_000_610,
			149_996_337,
			200_004_272,
		],
	},
	Step {
		change: Some((1, &[(1, 65_535)])),
		miner: 4,
		bonds: [12_603, 28_321, 49_151, 65_535],
		emission: [
			40_496_805,
			90_999_783,
			157_929_636,
			210_573_773,
			49_998_779,
			100_000_610,
			149_996_337,
			200_004_272,
		],
	},
	Step {
		change: Some((2, &[(2, 65_535)])),
		miner: 7,
		bonds: [12_602, 28_320, 49_150, 65_535],
		emission: [99_999_999, 199_999_999, 299_999_999, 399_999_999, 0, 0, 0, 0],
	},
	Step {
		change: Some((2, &[(7, 65_535)])),
		miner: 7,
		bonds: [10_951, 24_609, 49_150, 65_535],
		emission: [
			36_443_733,
			81_898_628,
			163_565_493,
			218_092_144,
			0,
			0,
			0,
			500_000_000,
		],
	},
	Step {
		change: None,
		miner: 7,
		bonds: [9_559, 21_482, 49_150, 65_535],
		emission: [
			32_799_427,
			73_706_612,
			168_638_129,
			224_855_830,
			0,
			0,
			0,
			500_000_000,
		],
	},
	Step {
		change: None,
		miner: 7,
		bonds: [8_376, 18_824, 49_150, 65_535],
		emission: [
			29_518_068,
			66_336_137,
			173_203_134,
			230_942_659,
			0,
			0,
			0,
			500_000_000,
		],
	},
];

#[test]
fn bonds_and_emission_are_those_of_subtensor() {
	let mut input = EpochInput {
		block: 2,
		tempo: 1,
		activity_cutoff: 5_000,
		kappa: 32_767,
		bonds_penalty: u16::MAX,
		bonds_moving_average: 900_000,
		max_validators: 8,
		stake: vec![1, 2, 3, 4, 0, 0, 0, 0],
		last_update: vec![1, 1, 1, 1, 0, 0, 0, 0],
		block_at_registration: vec![0; 8],
		validator_permit: vec![true; 8],
		weights: [vec![WEIGHTS.to_vec(); 4], vec![vec![]; 4]].concat(),
		bonds: vec![vec![]; 8],
		emission: 1_000_000_000,
		..Default::default()
	};
	for (epoch, step) in STEPS.iter().enumerate() {
		if let Some((validator, weights)) = step.change {
			input.weights[validator] = weights.to_vec();
		}
		let output = run(&input);
		let bond = |row: &Vec<(u16, u16)>| {
			row.iter()
				.find(|(uid, _)| *uid == step.miner)
				.map(|(_, bond)| *bond)
		};
		let bonds: Vec<_> = output.bonds[..4].iter().map(bond).collect();
		assert_eq!(bonds, step.bonds.map(Some), "bonds of epoch {epoch}");
		assert_eq!(output.emission, step.emission, "emission of epoch {epoch}");
		input.bonds = output.bonds;
		input.block += 1;
	}
}
