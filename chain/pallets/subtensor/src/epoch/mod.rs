//! The epoch: consensus over weights and stake, read from storage and written back. The maths is in `yuma`.

mod bonds;
mod emission;
pub(crate) mod liquid_alpha;
pub mod math;
pub mod types;
pub mod yuma;

use crate::*;
use alloc::vec::Vec;
use types::{EpochInput, EpochOutput, LiquidAlpha};

impl<T: Config> Pallet<T> {
	/// Runs consensus over the subnet and stores what it finds; `emission` rao are shared out but not yet paid.
	pub(crate) fn epoch(netuid: NetUid, emission: AlphaBalance) -> EpochOutput {
		let output = yuma::run(&Self::epoch_input(netuid, emission));
		for (uid, bonds) in (0..).zip(&output.bonds) {
			if bonds.is_empty() {
				Bonds::<T>::remove(netuid, uid);
			} else {
				Bonds::<T>::insert(netuid, uid, bonds);
			}
		}
		Active::<T>::insert(netuid, &output.active);
		Consensus::<T>::insert(netuid, &output.consensus);
		Dividends::<T>::insert(netuid, &output.dividends);
		Emission::<T>::insert(netuid, &output.emission);
		Incentive::<T>::insert(netuid, &output.incentive);
		StakeWeight::<T>::insert(netuid, &output.stake_weight);
		ValidatorPermit::<T>::insert(netuid, &output.validator_permit);
		ValidatorTrust::<T>::insert(netuid, &output.validator_trust);
		output
	}

	/// What consensus needs to know of a subnet.
	pub fn epoch_input(netuid: NetUid, emission: AlphaBalance) -> EpochInput {
		let n = SubnetworkN::<T>::get(netuid);
		let stake = |uid| TotalHotkeyAlpha::<T>::get(Keys::<T>::get(netuid, uid), netuid);
		EpochInput {
			block: Self::current_block(),
			tempo: Tempo::<T>::get(netuid),
			last_step: LastMechansimStepBlock::<T>::get(netuid),
			activity_cutoff: ActivityCutoff::<T>::get(netuid).into(),
			kappa: Kappa::<T>::get(netuid),
			bonds_penalty: BondsPenalty::<T>::get(netuid),
			bonds_moving_average: BondsMovingAverage::<T>::get(netuid),
			max_validators: MaxAllowedValidators::<T>::get(netuid),
			stake_threshold: StakeThreshold::<T>::get(),
			owner_uid: Self::owner_uid(netuid),
			yuma3: Yuma3On::<T>::get(netuid),
			liquid_alpha: LiquidAlphaOn::<T>::get(netuid).then(|| Self::liquid_alpha(netuid)),
			stake: (0..n).map(stake).collect(),
			last_update: LastUpdate::<T>::get(netuid),
			block_at_registration: (0..n)
				.map(|uid| BlockAtRegistration::<T>::get(netuid, uid))
				.collect(),
			first_commit_block: Self::first_commit_blocks(netuid),
			validator_permit: ValidatorPermit::<T>::get(netuid),
			weights: (0..n)
				.map(|uid| Weights::<T>::get(netuid, uid))
				.collect::<Vec<_>>(),
			bonds: (0..n).map(|uid| Bonds::<T>::get(netuid, uid)).collect::<Vec<_>>(),
			emission,
		}
	}

	fn liquid_alpha(netuid: NetUid) -> LiquidAlpha {
		let (alpha_low, alpha_high) = AlphaValues::<T>::get(netuid);
		LiquidAlpha {
			alpha_low,
			alpha_high,
			alpha_sigmoid_steepness: AlphaSigmoidSteepness::<T>::get(netuid),
		}
	}
}
