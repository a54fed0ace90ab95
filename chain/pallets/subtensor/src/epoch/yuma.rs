//! Yuma consensus, versions 2 and 3, as a pure function of what the chain knows about a subnet.
//!
//! The steps, their order and their rounding are those of Subtensor's `epoch_mechanism` (spec 425):
//! <https://github.com/opentensor/subtensor/blob/main/pallets/subtensor/src/epoch/run_epoch.rs>.

use super::{
	bonds::{grow_each, grow_shares},
	emission::{emission_shares, to_rao},
	math::*,
	types::{EpochInput, EpochOutput},
};
use alloc::{vec, vec::Vec};
use fixed::types::I32F32;

/// Runs one epoch.
///
/// There are as many neurons as elements in `stake`, at most 65535. Never fails: what other vectors have beyond that is
/// ignored, as are cells of matrices that name no neuron. What they lack counts as Subtensor has it: no permit, no commit, no
/// weights, no bonds, registered at block 0, and inactive with outdated weights (but an empty `last_update` or
/// `validator_permit` takes nobody's stake away). Time and memory grow with the square of the neurons.
pub fn run(input: &EpochInput) -> EpochOutput {
	let n = input.stake.len().min(usize::from(u16::MAX));
	let inactive: Vec<bool> = input
		.last_update
		.iter()
		.map(|block| block.saturating_add(input.activity_cutoff) < input.block)
		.collect();
	let stake = counted_stake(input, n);

	// This epoch counts the permits of the last one; the new ones hold until the next.
	let permits = with_owner(input, input.validator_permit.clone());
	let forbidden: Vec<bool> = permits.iter().map(|permit| !permit).collect();
	let new_permits = with_owner(input, is_topk_nonzero(&stake, usize::from(input.max_validators)));

	let mut active_stake = stake.clone();
	mask(&mut active_stake, &inactive);
	mask(&mut active_stake, &forbidden);
	normalize(&mut active_stake);

	let weights = valid_weights(input, n, &permits);
	let consensus = weighted_median_columns(&active_stake, &weights, n, proportion(input.kappa));
	let clipped = clip_columns(&weights, &consensus);
	let validator_trust = row_sums(&clipped);
	let mut incentive = vector_times_matrix(&active_stake, &clipped, n);
	normalize(&mut incentive);

	let weights = interpolate(&weights, &clipped, n, proportion(input.bonds_penalty));
	let old = valid_bonds(input, n);
	let grown = if input.yuma3 {
		grow_each(input, old, &weights, &active_stake, &incentive, &consensus)
	} else {
		grow_shares(input, old, &weights, &active_stake, &incentive)
	};

	let shares = emission_shares(&incentive, &grown.dividends, &active_stake, &stake);
	EpochOutput {
		active: (0..n).map(|uid| inactive.get(uid) == Some(&false)).collect(),
		stake_weight: to_u16(&stake),
		consensus: to_u16(&consensus),
		incentive: to_u16(&incentive),
		dividends: to_u16(&grown.dividends),
		validator_trust: to_u16(&validator_trust),
		bonds: to_bond_rows(&grown.bonds, &new_permits),
		validator_permit: new_permits,
		server_emission: to_rao(&shares.server, input.emission),
		validator_emission: to_rao(&shares.validator, input.emission),
		emission: to_rao(&shares.combined, input.emission),
	}
}

/// Normalized stake, without what is below the threshold. The owner's always counts.
fn counted_stake(input: &EpochInput, n: usize) -> Vec<I32F32> {
	let owner = input.owner_uid.map(usize::from);
	let counted = |(uid, stake): (usize, &u64)| {
		// Subtensor compares after its conversion to I64F64, which ends here.
		let meets_threshold = (*stake).min(i64::MAX as u64) >= input.stake_threshold;
		if owner == Some(uid) || meets_threshold {
			*stake
		} else {
			0
		}
	};
	let counted: Vec<u64> = input.stake.iter().take(n).enumerate().map(counted).collect();
	normalize_amounts(&counted)
}

fn with_owner(input: &EpochInput, mut permits: Vec<bool>) -> Vec<bool> {
	if let Some(permit) = input.owner_uid.and_then(|uid| permits.get_mut(usize::from(uid))) {
		*permit = true;
	}
	permits
}

/// Weights that count, normalized by row. Those do not that have no permit, that are for oneself (but the owner's do), or
/// that were set, or committed to, before the neuron that they are for came.
fn valid_weights(input: &EpochInput, n: usize, permits: &[bool]) -> Matrix {
	let registered = |j: usize| at(&input.block_at_registration, j);
	let owner = input.owner_uid.map(usize::from);
	let mut weights = to_matrix(&input.weights, n);
	retain(&mut weights, |i, j| {
		let committed = at(&input.first_commit_block, i).unwrap_or(u64::MAX);
		at(permits, i)
			&& (i != j || owner == Some(i))
			&& at(&input.last_update, i) > registered(j)
			&& committed >= registered(j)
	});
	normalize_rows(&mut weights);
	weights
}

/// Bonds as stored, without those for neurons that came since the last epoch.
fn valid_bonds(input: &EpochInput, n: usize) -> Matrix {
	let last_tempo = match input.last_step {
		0 => input.block.saturating_sub(u64::from(input.tempo)),
		block => block.saturating_add(1),
	};
	let mut bonds = to_matrix(&input.bonds, n);
	retain(&mut bonds, |_, j| {
		last_tempo > at(&input.block_at_registration, j)
	});
	bonds
}

fn at<V: Copy + Default>(values: &[V], index: usize) -> V {
	values.get(index).copied().unwrap_or_default()
}

/// As many rows as neurons, and no cells outside the subnet, which a larger one may have left.
fn to_matrix(rows: &[Vec<(u16, u16)>], n: usize) -> Matrix {
	let within = |row: &Vec<(u16, u16)>| {
		let cells = row.iter().filter(|(j, _)| usize::from(*j) < n);
		cells.map(|(j, value)| (*j, I32F32::from_num(*value))).collect()
	};
	let mut matrix: Matrix = rows.iter().take(n).map(within).collect();
	matrix.resize(n, vec![]);
	matrix
}

fn to_bond_rows(bonds: &Matrix, permits: &[bool]) -> Vec<Vec<(u16, u16)>> {
	let row = |(row, permit): (&Vec<(u16, I32F32)>, &bool)| {
		let cells = row.iter().filter(|_| *permit);
		cells.map(|(j, value)| (*j, proportion_to_u16(*value))).collect()
	};
	bonds.iter().zip(permits).map(row).collect()
}

fn to_u16(shares: &[I32F32]) -> Vec<u16> {
	shares.iter().map(|share| proportion_to_u16(*share)).collect()
}
