use super::mock::*;
use crate::*;
use frame_support::{assert_noop, assert_ok};

#[test]
fn issuance_starts_as_what_is_endowed() {
	at_genesis(|| assert_eq!(TotalIssuance::<Test>::get(), (ENDOWED - 1) * ENDOWMENT));
}

#[test]
fn without_subnets_nothing_is_minted() {
	at_genesis(|| {
		let before = TotalIssuance::<Test>::get();
		run_to(10);
		assert_eq!(TotalIssuance::<Test>::get(), before);
	});
}

#[test]
fn a_network_is_created_for_its_price() {
	at_genesis(|| {
		let before = TotalIssuance::<Test>::get();
		assert_ok!(Subtensor::register_network(signed(OWNER), OWNER_HOTKEY));
		let price = NetworkMinLockCost::<Test>::get();
		assert_eq!(free(OWNER), ENDOWMENT - price);
		assert_eq!(TotalIssuance::<Test>::get(), before - price);
		assert_eq!(SubnetOwner::<Test>::get(NETUID), OWNER);
		assert_eq!(Keys::<Test>::get(NETUID, 0), OWNER_HOTKEY);
		assert_eq!(events(), vec![Event::NetworkAdded(NETUID, 0)]);
	});
}

#[test]
fn a_network_needs_the_price_a_free_hotkey_and_room() {
	with_subnet(|| {
		assert_noop!(
			Subtensor::register_network(signed(2), OWNER_HOTKEY),
			Failure::NonAssociatedColdKey
		);
		assert_noop!(
			Subtensor::register_network(signed(ENDOWED), 5_000),
			Failure::CannotAffordLockCost
		);
		SubnetLimit::<Test>::put(1);
		assert_noop!(
			Subtensor::register_network(signed(2), 1_002),
			Failure::SubnetLimitReached
		);
	});
}
