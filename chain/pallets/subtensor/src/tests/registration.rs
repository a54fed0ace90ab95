use super::mock::*;
use crate::*;
use frame_support::{assert_noop, assert_ok};

#[test]
fn a_registration_burns_its_price_and_seats_the_neuron() {
	with_subnet(|| {
		let before = TotalIssuance::<Test>::get();
		let uid = register(2);
		let price = Burn::<Test>::get(NETUID);
		assert_eq!(uid, 1);
		assert_eq!(free(2), ENDOWMENT - price);
		assert_eq!(TotalIssuance::<Test>::get(), before - price);
		assert_eq!(RAORecycledForRegistration::<Test>::get(NETUID), price);
		assert_eq!(Owner::<Test>::get(hotkey_of(2)), 2);
		assert_eq!(Keys::<Test>::get(NETUID, uid), hotkey_of(2));
		assert!(IsNetworkMember::<Test>::get(hotkey_of(2), NETUID));
		assert_eq!(BlockAtRegistration::<Test>::get(NETUID, uid), 1);
		assert_eq!(LastUpdate::<Test>::get(NETUID), vec![1, 1]);
		assert_eq!(SubnetworkN::<Test>::get(NETUID), 2);
		assert_eq!(
			events().last(),
			Some(&Event::NeuronRegistered(NETUID, 1, hotkey_of(2)))
		);
	});
}

#[test]
fn a_bad_registration_is_refused() {
	with_subnet(|| {
		register(2);
		let register = |coldkey, netuid, hotkey| Subtensor::burned_register(signed(coldkey), netuid, hotkey);
		assert_noop!(
			register(3, 0, 1_003),
			Failure::RegistrationNotPermittedOnRootSubnet
		);
		assert_noop!(register(3, 9, 1_003), Failure::SubnetNotExists);
		assert_noop!(
			register(2, NETUID, 1_002),
			Failure::HotKeyAlreadyRegisteredInSubNet
		);
		assert_noop!(register(ENDOWED, NETUID, 5_000), Failure::NotEnoughBalanceToStake);
		assert_ok!(Subtensor::register_network(signed(4), 1_004));
		assert_noop!(register(3, NETUID, 1_004), Failure::NonAssociatedColdKey);
	});
}

#[test]
fn a_registered_hotkey_can_sign_without_a_balance() {
	with_subnet(|| {
		register(2);
		assert_eq!(free(hotkey_of(2)), 0);
		assert_eq!(System::sufficients(&hotkey_of(2)), 1);
		assert_ok!(Subtensor::register_network(signed(2), hotkey_of(2)));
		assert_eq!(
			System::sufficients(&hotkey_of(2)),
			1,
			"one reference, however often it registers"
		);
	});
}

#[test]
fn a_full_subnet_prunes_the_neuron_with_the_least_emission() {
	with_subnet(|| {
		for coldkey in 2..=4 {
			register(coldkey);
		}
		Subtensor::set_max_allowed_uids(NETUID, 4);
		ImmunityPeriod::<Test>::insert(NETUID, 5);
		// The owner earns nothing but is never pruned.
		Emission::<Test>::insert(NETUID, vec![0, 30, 10, 20]);
		run_to(6);
		assert_eq!(register(5), 2);
		assert_eq!(Uids::<Test>::get(NETUID, hotkey_of(3)), None);
		assert!(!IsNetworkMember::<Test>::get(hotkey_of(3), NETUID));
		assert_eq!(SubnetworkN::<Test>::get(NETUID), 4);
	});
}

#[test]
fn equal_emission_prunes_the_oldest() {
	with_subnet(|| {
		register(2);
		next_block();
		register(3);
		Subtensor::set_max_allowed_uids(NETUID, 3);
		ImmunityPeriod::<Test>::insert(NETUID, 1);
		run_to(5);
		assert_eq!(register(4), 1);
	});
}

#[test]
fn a_full_subnet_of_immune_neurons_gives_up_one_of_them() {
	with_subnet(|| {
		register(2);
		register(3);
		Subtensor::set_max_allowed_uids(NETUID, 3);
		Emission::<Test>::insert(NETUID, vec![0, 9, 8]);
		assert_eq!(register(4), 2);
	});
}

#[test]
fn one_past_its_immunity_goes_before_an_immune_one() {
	with_subnet(|| {
		register(2);
		run_to(5);
		register(3);
		Subtensor::set_max_allowed_uids(NETUID, 3);
		ImmunityPeriod::<Test>::insert(NETUID, 4);
		Emission::<Test>::insert(NETUID, vec![0, 9, 0]);
		assert_eq!(register(4), 1);
	});
}

#[test]
fn some_past_their_immunity_stay() {
	with_subnet(|| {
		register(2);
		register(3);
		run_to(5);
		register(4);
		Subtensor::set_max_allowed_uids(NETUID, 4);
		ImmunityPeriod::<Test>::insert(NETUID, 4);
		Subtensor::set_min_non_immune_uids(NETUID, 2);
		assert_eq!(register(5), 3, "two are free, and two must stay");
		run_to(9); // now all three are
		assert_eq!(register(6), 1);
		MinNonImmuneUids::<Test>::insert(NETUID, 9);
		ImmunityPeriod::<Test>::insert(NETUID, 0);
		assert_noop!(
			Subtensor::burned_register(signed(7), NETUID, hotkey_of(7)),
			Failure::NoNeuronIdAvailable
		);
	});
}

#[test]
fn the_owner_keeps_its_hotkey_and_then_the_oldest_of_its_coldkey() {
	with_subnet(|| {
		assert_ok!(Subtensor::burned_register(signed(OWNER), NETUID, 2_001));
		next_block();
		assert_ok!(Subtensor::burned_register(signed(OWNER), NETUID, 2_002));
		Subtensor::set_max_allowed_uids(NETUID, 3);
		ImmunityPeriod::<Test>::insert(NETUID, 0);
		assert_eq!(Subtensor::neuron_to_prune(NETUID), Some(1));
		ImmuneOwnerUidsLimit::<Test>::insert(NETUID, 2);
		assert_eq!(Subtensor::neuron_to_prune(NETUID), Some(2));
		ImmuneOwnerUidsLimit::<Test>::insert(NETUID, 3);
		assert_eq!(Subtensor::neuron_to_prune(NETUID), None);
		// The owner's hotkey comes before an older one of its coldkey.
		ImmuneOwnerUidsLimit::<Test>::insert(NETUID, 1);
		SubnetOwnerHotkey::<Test>::insert(NETUID, 2_002);
		assert_eq!(Subtensor::neuron_to_prune(NETUID), Some(0));
		// Where the owner's hotkey is no neuron, its coldkey's oldest is kept in its place.
		SubnetOwnerHotkey::<Test>::insert(NETUID, 9_999);
		assert_eq!(Subtensor::neuron_to_prune(NETUID), Some(1));
	});
}

#[test]
fn a_registration_may_have_a_highest_price() {
	with_subnet(|| {
		let price = Burn::<Test>::get(NETUID);
		let at_most = |limit| Subtensor::register_limit(signed(2), NETUID, hotkey_of(2), limit);
		assert_noop!(at_most(price - 1), Failure::RegistrationPriceLimitExceeded);
		assert_ok!(at_most(price));
		assert_eq!(free(2), ENDOWMENT - price);
		// The price comes before whatever else is wrong, as on Subtensor.
		assert_noop!(at_most(0), Failure::RegistrationPriceLimitExceeded);
		assert_noop!(at_most(price), Failure::HotKeyAlreadyRegisteredInSubNet);
		let into = |netuid| Subtensor::register_limit(signed(2), netuid, hotkey_of(3), price);
		assert_noop!(into(0), Failure::RegistrationNotPermittedOnRootSubnet);
		assert_noop!(into(9), Failure::SubnetNotExists);
	});
}

#[test]
fn registrations_can_be_switched_off() {
	with_subnet(|| {
		Subtensor::set_network_registration_allowed(NETUID, false);
		assert_noop!(
			Subtensor::burned_register(signed(2), NETUID, hotkey_of(2)),
			Failure::SubNetRegistrationDisabled
		);
		assert_eq!(events().last(), Some(&Event::RegistrationAllowed(NETUID, false)));
	});
}

#[test]
fn a_replaced_neuron_leaves_its_stake_and_nothing_else() {
	with_subnet(|| {
		let uid = register_validator(2, 10);
		register(3);
		assert_ok!(Subtensor::serve_axon(
			signed(hotkey_of(2)),
			NETUID,
			1,
			1 << 24,
			80,
			4,
			0,
			0,
			0
		));
		Weights::<Test>::insert(NETUID, uid, vec![(2, 65_535)]);
		Bonds::<Test>::insert(NETUID, uid, vec![(2, 65_535)]);
		Weights::<Test>::insert(NETUID, 2, vec![(uid, 65_535), (0, 7)]);
		Bonds::<Test>::insert(NETUID, 2, vec![(uid, 65_535), (0, 7)]);
		ValidatorPermit::<Test>::insert(NETUID, vec![false, true, false]);
		Emission::<Test>::insert(NETUID, vec![0, 0, 5]);
		Subtensor::set_max_allowed_uids(NETUID, 3);
		ImmunityPeriod::<Test>::insert(NETUID, 1);
		run_to(3);

		assert_eq!(register(4), uid);
		assert_eq!(Axons::<Test>::get(NETUID, hotkey_of(2)), None);
		assert!(Weights::<Test>::get(NETUID, uid).is_empty());
		assert!(Bonds::<Test>::get(NETUID, uid).is_empty());
		assert_eq!(Weights::<Test>::get(NETUID, 2), vec![(uid, 0), (0, 7)]);
		assert_eq!(Bonds::<Test>::get(NETUID, 2), vec![(0, 7)]);
		assert_eq!(ValidatorPermit::<Test>::get(NETUID), vec![false; 3]);
		assert_eq!(LastUpdate::<Test>::get(NETUID)[usize::from(uid)], 3);
		assert_eq!(staked(2), 10 * TAO);
	});
}

#[test]
fn price_bounds_move_the_price() {
	with_subnet(|| {
		Subtensor::set_min_burn(NETUID, TAO);
		assert_eq!(Burn::<Test>::get(NETUID), TAO);
		Subtensor::set_max_burn(NETUID, TAO / 4);
		assert_eq!(Burn::<Test>::get(NETUID), TAO / 4);
	});
}
