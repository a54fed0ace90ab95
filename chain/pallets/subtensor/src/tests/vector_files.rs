//! The vectors in `test/vectors/yuma`, which the TypeScript implementation reads too: epochs of one subnet after another,
//! each with what Subtensor's own tests expect of it. Their README says how to read them.

use crate::epoch::{
	types::{EpochInput, EpochOutput, LiquidAlpha},
	yuma::run,
};
use serde_json::Value;
use std::fs;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../test/vectors/yuma");

/// How far off an output may be, in its own unit.
struct Tolerance(u64);

#[test]
fn every_vector_holds() {
	let mut names = vec![];
	each_vector(|vector| names.extend(check_epochs(vector)));
	assert!(names.len() >= 22, "too few vectors: {names:?}");
}

/// Calls `check` with each file of vectors.
pub fn each_vector(mut check: impl FnMut(&Value)) {
	for entry in fs::read_dir(FOLDER).expect("the vectors are there") {
		let path = entry.expect("it can be read").path();
		if path.extension().is_some_and(|extension| extension == "json") {
			let text = fs::read_to_string(path).expect("it is text");
			check(&serde_json::from_str(&text).expect("it is JSON"));
		}
	}
}

/// Runs a file's epochs; its name, or none where it holds no epochs.
fn check_epochs(vector: &Value) -> Option<String> {
	let epochs = vector["epochs"].as_array()?;
	let name = vector["name"].as_str().expect("it has a name");
	let share = vector["tolerance"].as_f64().expect("it has a tolerance");
	let tolerance = Tolerance((share * 65_535.0) as u64);
	let mut last = EpochOutput::default();
	let mut last_block = 0;
	for (index, epoch) in epochs.iter().enumerate() {
		let input = to_input(&epoch["input"], &last, last_block);
		last = run(&input);
		last_block = input.block;
		let place = format!("{name}, epoch {index}");
		for (field, expected) in epoch["expect"].as_object().expect("it expects something") {
			check(&last, field, expected, &tolerance, &format!("{place}: {field}"));
		}
	}
	Some(name.into())
}

fn check(output: &EpochOutput, field: &str, expected: &Value, tolerance: &Tolerance, place: &str) {
	let shares = |values: &[u16]| {
		check_numbers(
			&mut values.iter().copied().map(u64::from),
			expected,
			tolerance,
			place,
		)
	};
	let flags = |values: &[bool]| check_flags(values, expected, place);
	let rao = |values: &[u64]| check_numbers(&mut values.iter().copied(), expected, tolerance, place);
	match field {
		"active" => flags(&output.active),
		"validatorPermit" => flags(&output.validator_permit),
		"stakeWeight" => shares(&output.stake_weight),
		"consensus" => shares(&output.consensus),
		"incentive" => shares(&output.incentive),
		"dividends" => shares(&output.dividends),
		"validatorTrust" => shares(&output.validator_trust),
		"serverEmission" => rao(&output.server_emission),
		"validatorEmission" => rao(&output.validator_emission),
		"emission" => rao(&output.emission),
		"bonds" => check_bonds(&output.bonds, expected, tolerance, place),
		_ => panic!("{place} is not an output"),
	}
}

fn check_numbers(
	actual: &mut dyn ExactSizeIterator<Item = u64>,
	expected: &Value,
	tolerance: &Tolerance,
	place: &str,
) {
	let expected = list(expected);
	assert_eq!(actual.len(), expected.len(), "{place}");
	for (uid, (actual, expected)) in actual.zip(expected).enumerate() {
		if !expected.is_null() {
			check_number(actual, number(expected), tolerance, &format!("{place} of {uid}"));
		}
	}
}

fn check_number(actual: u64, expected: u64, tolerance: &Tolerance, place: &str) {
	assert!(
		actual.abs_diff(expected) <= tolerance.0,
		"{place}: {actual} is not {expected}"
	);
}

fn check_flags(actual: &[bool], expected: &Value, place: &str) {
	let expected: Vec<bool> = list(expected).iter().map(flag).collect();
	assert_eq!(actual, expected, "{place}");
}

/// Cells that the vector lists; one that the output lacks is zero.
fn check_bonds(actual: &[Vec<(u16, u16)>], expected: &Value, tolerance: &Tolerance, place: &str) {
	assert_eq!(actual.len(), list(expected).len(), "{place}");
	for (uid, (row, expected)) in actual.iter().zip(list(expected)).enumerate() {
		for (target, bond) in cells(expected) {
			let found = row
				.iter()
				.find(|(j, _)| *j == target)
				.map_or(0, |(_, value)| *value);
			check_number(
				found.into(),
				bond.into(),
				tolerance,
				&format!("{place} of {uid} with {target}"),
			);
		}
	}
}

fn to_input(value: &Value, last: &EpochOutput, last_block: u64) -> EpochInput {
	let carried = |field: &str| value[field] == "carry";
	let flags = |field: &str| list(&value[field]).iter().map(flag).collect();
	let numbers = |field: &str| list(&value[field]).iter().map(number).collect();
	let rows = |field: &str| list(&value[field]).iter().map(cells).collect();
	let share = |value: &Value| u16::try_from(number(value)).expect("it fits in 16 bits");
	let liquid_alpha = |value: &Value| LiquidAlpha {
		alpha_low: share(&value["alphaLow"]),
		alpha_high: share(&value["alphaHigh"]),
		alpha_sigmoid_steepness: value["alphaSigmoidSteepness"].as_i64().expect("a number") as i16,
	};
	EpochInput {
		block: number(&value["block"]),
		tempo: share(&value["tempo"]),
		last_step: if carried("lastStep") {
			last_block
		} else {
			number(&value["lastStep"])
		},
		activity_cutoff: number(&value["activityCutoff"]),
		kappa: share(&value["kappa"]),
		bonds_penalty: share(&value["bondsPenalty"]),
		bonds_moving_average: number(&value["bondsMovingAverage"]),
		max_validators: share(&value["maxValidators"]),
		stake_threshold: number(&value["stakeThreshold"]),
		owner_uid: optional(&value["ownerUid"]).map(share),
		yuma3: flag(&value["yuma3"]),
		liquid_alpha: optional(&value["liquidAlpha"]).map(liquid_alpha),
		stake: numbers("stake"),
		last_update: numbers("lastUpdate"),
		block_at_registration: numbers("blockAtRegistration"),
		first_commit_block: list(&value["firstCommitBlock"])
			.iter()
			.map(|block| optional(block).map(number))
			.collect(),
		validator_permit: if carried("validatorPermit") {
			last.validator_permit.clone()
		} else {
			flags("validatorPermit")
		},
		weights: rows("weights"),
		bonds: if carried("bonds") {
			last.bonds.clone()
		} else {
			rows("bonds")
		},
		emission: number(&value["emission"]),
	}
}

pub fn list(value: &Value) -> &[Value] {
	value.as_array().unwrap_or_else(|| panic!("{value} is no list"))
}

pub fn flag(value: &Value) -> bool {
	value.as_bool().unwrap_or_else(|| panic!("{value} is no flag"))
}

/// A number, or one as decimal digits.
pub fn number(value: &Value) -> u64 {
	let parsed = value
		.as_str()
		.map_or(value.as_u64(), |digits| digits.parse().ok());
	parsed.unwrap_or_else(|| panic!("{value} is no number"))
}

fn optional(value: &Value) -> Option<&Value> {
	(!value.is_null()).then_some(value)
}

/// A row of (uid, value); null is a row of which nothing is known.
fn cells(row: &Value) -> Vec<(u16, u16)> {
	let to_u16 = |value: &Value| u16::try_from(number(value)).expect("it fits in 16 bits");
	let row = row.as_array().map(Vec::as_slice).unwrap_or_default();
	row.iter()
		.map(|cell| (to_u16(&cell[0]), to_u16(&cell[1])))
		.collect()
}
