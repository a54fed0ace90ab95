//! The numbers of Subtensor's tests of its mathematics, `test/vectors/yuma/math-*.json`, which TypeScript reads too.

use super::vector_files::{each_vector, flag, list, number};
use crate::epoch::{liquid_alpha::*, math::*};
use fixed::types::I32F32;
use serde_json::Value;

/// Not ours: what an epoch does not need by itself.
const ELSEWHERE: [&str; 2] = ["multiply", "scaleColumns"];

enum Outcome {
	Number(I32F32),
	Vector(Vec<I32F32>),
	Flags(Vec<bool>),
	Dense(Vec<Vec<I32F32>>),
}

use Outcome::{Dense, Flags, Number, Vector};

/// The arguments of a case. Literals are floating-point numbers of `bits`.
struct Arguments<'a> {
	given: &'a Value,
	bits: u64,
}

impl Arguments<'_> {
	fn number(&self, name: &str) -> I32F32 {
		literal(&self.given[name], self.bits)
	}

	fn vector(&self, name: &str) -> Vec<I32F32> {
		list(&self.given[name])
			.iter()
			.map(|value| literal(value, self.bits))
			.collect()
	}

	fn dense(&self, name: &str) -> Vec<Vec<I32F32>> {
		let row = |row: &Value| list(row).iter().map(|value| literal(value, self.bits)).collect();
		list(&self.given[name]).iter().map(row).collect()
	}

	/// Cells that are not zero, and how many columns there are.
	fn matrix(&self, name: &str) -> (Matrix, usize) {
		let dense = self.dense(name);
		let columns = dense.first().map_or(0, Vec::len);
		let cells = |row: Vec<I32F32>| (0..).zip(row).filter(|(_, value)| *value != 0).collect();
		(dense.into_iter().map(cells).collect(), columns)
	}
}

#[test]
fn every_number_of_mathematics_holds() {
	let mut checked = 0;
	each_vector(|file| {
		for vector in file["vectors"].as_array().into_iter().flatten() {
			let function = vector["function"].as_str().expect("it names a function");
			if !ELSEWHERE.contains(&function) {
				check_vector(vector, function);
				checked += 1;
			}
		}
	});
	assert!(checked >= 50, "{checked}");
}

fn check_vector(vector: &Value, function: &str) {
	let bits = number(&vector["float"]);
	let expected_bits = vector["expectFloat"].as_u64().unwrap_or(bits);
	let tolerance = I32F32::from_num(vector["tolerance"].as_f64().expect("it has a tolerance"));
	for (index, case) in list(&vector["cases"]).iter().enumerate() {
		let arguments = Arguments {
			given: &case["arguments"],
			bits,
		};
		let place = format!("{}, case {index}", vector["name"]);
		let check = |found: &[I32F32], expected: &Value| {
			let expected = list(expected);
			assert_eq!(found.len(), expected.len(), "{place}");
			for (found, expected) in found
				.iter()
				.zip(expected)
				.filter(|(_, expected)| !expected.is_null())
			{
				let off = found.abs_diff(literal(expected, expected_bits));
				assert!(off <= tolerance, "{place}: {found} is not {expected}");
			}
		};
		let expected = &case["expect"];
		match apply(function, &arguments) {
			Number(found) => check(&[found], &Value::from(vec![expected.clone()])),
			Vector(found) => check(&found, expected),
			Flags(found) => assert_eq!(
				found,
				list(expected).iter().map(flag).collect::<Vec<_>>(),
				"{place}"
			),
			Dense(found) => {
				assert_eq!(found.len(), list(expected).len(), "{place}");
				found
					.iter()
					.zip(list(expected))
					.for_each(|(row, expected)| check(row, expected));
			}
		}
	}
}

fn apply(function: &str, given: &Arguments) -> Outcome {
	let in_place = |change: &dyn Fn(&mut [I32F32])| {
		let mut values = given.vector("values");
		change(&mut values);
		Vector(values)
	};
	let densely = |change: &dyn Fn(&mut Matrix, usize)| {
		let (mut matrix, columns) = given.matrix("matrix");
		change(&mut matrix, columns);
		to_dense(&matrix, columns)
	};
	match function {
		"sum" => Number(sum(&given.vector("values"))),
		"safeDivide" => {
			let divide = |(x, y): (&I32F32, &I32F32)| safe_div(*x, *y);
			Vector(
				given
					.vector("x")
					.iter()
					.zip(&given.vector("y"))
					.map(divide)
					.collect(),
			)
		}
		"toProportion" => in_place(&|values| {
			values
				.iter_mut()
				.for_each(|value| *value = I32F32::from_num(proportion_to_u16(*value)))
		}),
		"sigmoid" => {
			let (rho, kappa) = (given.number("rho"), given.number("kappa"));
			in_place(&|values| {
				for value in values {
					let exponent = rho
						.saturating_mul(-I32F32::ONE)
						.saturating_mul(value.saturating_sub(kappa));
					*value = safe_div(I32F32::ONE, exp(exponent).saturating_add(I32F32::ONE));
				}
			})
		}
		"normalize" => in_place(&normalize),
		"normalizeAmounts" => {
			let amounts: Vec<u64> = list(&given.given["amounts"]).iter().map(number).collect();
			Vector(normalize_amounts(&amounts))
		}
		"mask" => {
			let masked: Vec<bool> = list(&given.given["masked"]).iter().map(flag).collect();
			in_place(&|values| mask(values, &masked))
		}
		"isTopNonzero" => {
			let count = number(&given.given["count"]) as usize;
			Flags(is_topk_nonzero(&given.vector("values"), count))
		}
		"normalizeRows" => densely(&|matrix, _| normalize_rows(matrix)),
		"normalizeColumns" => densely(&normalize_columns),
		"upscaleColumns" => densely(&upscale_columns),
		"scaleRows" => densely(&|matrix, _| *matrix = scale_rows(matrix, &given.vector("vector"))),
		"clipColumns" => densely(&|matrix, _| *matrix = clip_columns(matrix, &given.vector("limits"))),
		"rowSums" => Vector(row_sums(&given.matrix("matrix").0)),
		"vectorTimesMatrix" => {
			let (matrix, columns) = given.matrix("matrix");
			Vector(vector_times_matrix(&given.vector("vector"), &matrix, columns))
		}
		"matrixTimesVector" => Vector(matrix_times_vector(
			&given.matrix("matrix").0,
			&given.vector("vector"),
		)),
		"weightedMedian" => {
			let minority = I32F32::ONE.saturating_sub(given.number("majority"));
			Number(weighted_median(
				&given.vector("stake"),
				&given.vector("score"),
				minority,
			))
		}
		"weightedMedianColumns" => {
			let (matrix, columns) = given.matrix("matrix");
			let stake = given.vector("stake");
			Vector(weighted_median_columns(
				&stake,
				&matrix,
				columns,
				given.number("majority"),
			))
		}
		"interpolate" => {
			let (from, columns) = given.matrix("from");
			let between = interpolate(&from, &given.matrix("to").0, columns, given.number("ratio"));
			to_dense(&between, columns)
		}
		"averageByCell" => {
			let (weights, columns) = given.matrix("weights");
			let alphas = given.dense("alphas");
			let average = average_by_cell(&weights, &given.matrix("bonds").0, columns, |i, j| alphas[i][j]);
			to_dense(&average, columns)
		}
		_ => panic!("no function {function}"),
	}
}

fn to_dense(matrix: &Matrix, columns: usize) -> Outcome {
	Dense(matrix.iter().map(|row| dense(row, columns)).collect())
}

fn literal(value: &Value, bits: u64) -> I32F32 {
	match (value.as_str(), value.as_f64()) {
		(Some("max"), _) => I32F32::MAX,
		(Some("min"), _) => I32F32::MIN,
		(_, Some(number)) if bits == 32 => I32F32::from_num(number as f32),
		(_, Some(number)) => I32F32::from_num(number),
		_ => panic!("{value} is no number"),
	}
}
