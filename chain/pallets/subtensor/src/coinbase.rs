//! What every block does: emission into the pending pots, and the epochs that are due.

use crate::*;
use frame_support::{traits::Get, weights::Weight};

impl<T: Config> Pallet<T> {
	/// Emits this block's TAO to the subnets and runs the epochs that are due. Called before the block's transactions.
	pub(crate) fn block_step() -> Weight {
		let netuids = Self::netuids();
		let mut weight = T::DbWeight::get().reads_writes(2 + netuids.len() as u64, 1);
		Self::emit(&netuids);
		for netuid in netuids {
			BlocksSinceLastStep::<T>::mutate(netuid, |blocks| *blocks += 1);
			weight += T::DbWeight::get().reads_writes(8, 4);
			if Self::should_run_epoch(netuid, Self::current_block()) {
				Self::run_epoch(netuid);
				weight += epoch_weight::<T>(SubnetworkN::<T>::get(netuid));
			}
		}
		weight
	}

	/// Mints `BlockEmission` and splits it evenly over the subnets, to the rao. Without subnets nothing is minted.
	///
	/// Subtensor splits by the subnets' prices and halves the emission as issuance grows; neither is done here.
	fn emit(netuids: &[NetUid]) {
		let emission = BlockEmission::<T>::get();
		let Ok(count) = u64::try_from(netuids.len()) else {
			return;
		};
		if count == 0 {
			return;
		}
		TotalIssuance::<T>::mutate(|total| *total = total.saturating_add(emission));
		for (index, netuid) in (0..).zip(netuids) {
			// The first subnets get the rao that does not divide.
			let amount = emission / count + u64::from(index < emission % count);
			Self::accrue(*netuid, amount);
		}
	}

	/// Splits a subnet's emission into the pots: the owner's cut, then half for miners and half for validators.
	fn accrue(netuid: NetUid, amount: AlphaBalance) {
		let cut = u128::from(amount) * u128::from(SubnetOwnerCut::<T>::get()) / u128::from(u16::MAX);
		// At most `amount`, so it fits.
		let cut = cut as AlphaBalance;
		let server = (amount - cut) / 2;
		let validator = amount - cut - server;
		PendingOwnerCut::<T>::mutate(netuid, |pot| *pot = pot.saturating_add(cut));
		PendingServerEmission::<T>::mutate(netuid, |pot| *pot = pot.saturating_add(server));
		PendingValidatorEmission::<T>::mutate(netuid, |pot| *pot = pot.saturating_add(validator));
	}

	fn run_epoch(netuid: NetUid) {
		let block = Self::current_block();
		BlocksSinceLastStep::<T>::insert(netuid, 0);
		LastEpochBlock::<T>::insert(netuid, block);
		PendingEpochAt::<T>::insert(netuid, 0);
		SubnetEpochIndex::<T>::mutate(netuid, |index| *index += 1);
		Self::pay_epoch(netuid);
		// The epoch itself still reads the block of the one before.
		LastMechansimStepBlock::<T>::insert(netuid, block);
	}
}

/// Rows are read and written once, and every pair of neurons is looked at about ten times.
fn epoch_weight<T: Config>(n: u16) -> Weight {
	let n = u64::from(n);
	let pairs = Weight::from_parts(100_000, 0).saturating_mul(n.saturating_mul(n));
	T::DbWeight::get()
		.reads_writes(20 + 6 * n, 12 + 4 * n)
		.saturating_add(pairs)
}
