//! Axons: where a neuron can be reached.

use crate::*;
use frame_support::{ensure, pallet_prelude::DispatchResult};

const LOOPBACK_V4: u128 = 0x7f00_0001;
const LOOPBACK_V6: u128 = 1;

impl<T: Config> Pallet<T> {
	/// Stores the hotkey's axon, at most once in `ServingRateLimit` blocks.
	pub(crate) fn do_serve_axon(hotkey: &T::AccountId, netuid: NetUid, axon: AxonInfo) -> DispatchResult {
		ensure!(
			Uids::<T>::contains_key(netuid, hotkey),
			Error::<T>::HotKeyNotRegisteredInNetwork
		);
		ensure!(matches!(axon.ip_type, 4 | 6), Error::<T>::InvalidIpType);
		ensure!(
			is_valid_address(axon.ip_type, axon.ip),
			Error::<T>::InvalidIpAddress
		);
		ensure!(
			Self::may_serve(hotkey, netuid, axon.block),
			Error::<T>::ServingRateLimitExceeded
		);
		ensure!(axon.port != 0, Error::<T>::InvalidPort);
		Axons::<T>::insert(netuid, hotkey, axon);
		Self::deposit_event(Event::AxonServed(netuid, hotkey.clone()));
		Ok(())
	}

	fn may_serve(hotkey: &T::AccountId, netuid: NetUid, block: u64) -> bool {
		Axons::<T>::get(netuid, hotkey)
			.is_none_or(|axon| block.saturating_sub(axon.block) >= ServingRateLimit::<T>::get(netuid))
	}
}

/// Subtensor refuses 127.0.0.1 and ::1, but no other loopback or private address, and lets zero pass for its tests.
fn is_valid_address(ip_type: u8, ip: u128) -> bool {
	match ip_type {
		4 => ip != LOOPBACK_V4 && ip < u128::from(u32::MAX),
		_ => ip != LOOPBACK_V6 && ip != u128::MAX,
	}
}
