//! How an epoch's emission is shared out.

use super::math::{normalize_by, sum};
use alloc::vec::Vec;
use fixed::types::{I32F32, I96F32};

/// Shares of emission by uid.
pub struct Shares {
	/// For mining.
	pub server: Vec<I32F32>,
	/// For validating.
	pub validator: Vec<I32F32>,
	/// For both.
	pub combined: Vec<I32F32>,
}

/// Shares by incentive and dividends together; by active stake where there is neither, or by stake where none is active.
pub fn emission_shares(
	incentive: &[I32F32],
	dividends: &[I32F32],
	active_stake: &[I32F32],
	stake: &[I32F32],
) -> Shares {
	let mut combined: Vec<I32F32> = incentive
		.iter()
		.zip(dividends)
		.map(|(incentive, dividend)| incentive.saturating_add(*dividend))
		.collect();
	let total = sum(&combined);
	let mut server = incentive.to_vec();
	if total == 0 {
		let is_active = sum(active_stake) != 0;
		let by_stake = if is_active { active_stake } else { stake }.to_vec();
		return Shares {
			server,
			validator: by_stake.clone(),
			combined: by_stake,
		};
	}
	let mut validator = dividends.to_vec();
	normalize_by(&mut server, total);
	normalize_by(&mut validator, total);
	normalize_by(&mut combined, total);
	Shares {
		server,
		validator,
		combined,
	}
}

/// Each share of `emission` in rao, rounded down.
pub fn to_rao(shares: &[I32F32], emission: u64) -> Vec<u64> {
	let emission = I96F32::saturating_from_num(emission);
	let amount = |share: &I32F32| {
		I96F32::from_num(*share)
			.saturating_mul(emission)
			.saturating_to_num()
	};
	shares.iter().map(amount).collect()
}
