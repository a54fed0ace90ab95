use super::mock::*;
use crate::*;
use frame_support::{assert_noop, assert_ok, pallet_prelude::DispatchResult};

const LOCALHOST: u128 = 0x7f00_0001;

fn serve(ip: u128, port: u16, ip_type: u8) -> DispatchResult {
	Subtensor::serve_axon(signed(hotkey_of(2)), NETUID, 3, ip, port, ip_type, 4, 5, 6)
}

#[test]
fn an_axon_is_stored_with_its_block() {
	with_subnet(|| {
		register(2);
		assert_ok!(serve(LOCALHOST + 1, 9_000, 4));
		let axon = AxonInfo {
			block: 1,
			version: 3,
			ip: LOCALHOST + 1,
			port: 9_000,
			ip_type: 4,
			protocol: 4,
			placeholder1: 5,
			placeholder2: 6,
		};
		assert_eq!(Axons::<Test>::get(NETUID, hotkey_of(2)), Some(axon));
		assert_eq!(events().last(), Some(&Event::AxonServed(NETUID, hotkey_of(2))));
	});
}

#[test]
fn bad_addresses_are_refused() {
	with_subnet(|| {
		register(2);
		for (ip, ip_type) in [
			(LOCALHOST, 4),
			(u32::MAX.into(), 4),
			(1 << 32, 4),
			(1, 6),
			(u128::MAX, 6),
		] {
			assert_noop!(serve(ip, 80, ip_type), Failure::InvalidIpAddress);
		}
		assert_noop!(serve(LOCALHOST + 1, 80, 5), Failure::InvalidIpType);
		assert_noop!(serve(LOCALHOST + 1, 0, 4), Failure::InvalidPort);
		assert_ok!(serve(1 << 64, 80, 6));
		ServingRateLimit::<Test>::insert(NETUID, 0);
		assert_ok!(serve(0, 80, 4)); // as on Subtensor
	});
}

#[test]
fn only_registered_hotkeys_serve() {
	with_subnet(|| {
		assert_noop!(serve(LOCALHOST + 1, 80, 4), Failure::HotKeyNotRegisteredInNetwork);
	});
}

#[test]
fn serving_again_has_to_wait() {
	with_subnet(|| {
		register(2);
		assert_ok!(serve(LOCALHOST + 1, 80, 4));
		run_to(50);
		assert_noop!(serve(LOCALHOST + 2, 80, 4), Failure::ServingRateLimitExceeded);
		run_to(51);
		assert_ok!(serve(LOCALHOST + 2, 80, 4));
	});
}
