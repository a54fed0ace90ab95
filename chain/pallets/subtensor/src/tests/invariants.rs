//! Random calls and blocks: every rao stays in one place, and issuance moves by emission and burns alone.

use super::mock::*;
use crate::*;

/// A small generator (Knuth's MMIX constants), so that a failure can be repeated from its seed.
struct Random(u64);

impl Random {
	fn below(&mut self, bound: u64) -> u64 {
		self.0 = self
			.0
			.wrapping_mul(6_364_136_223_846_793_005)
			.wrapping_add(1_442_695_040_888_963_407);
		(self.0 >> 33) % bound
	}
}

/// One random call; the pallet may refuse it.
fn random_call(random: &mut Random) {
	let coldkey = 1 + random.below(12);
	let hotkey = hotkey_of(1 + random.below(12));
	let netuid = 1 + random.below(3) as NetUid;
	let amount = random.below(200) * TAO / 7;
	let _ = match random.below(8) {
		0 => Subtensor::burned_register(signed(coldkey), netuid, hotkey_of(coldkey)),
		1 | 2 => Subtensor::add_stake(signed(coldkey), hotkey, netuid, amount),
		3 => Subtensor::remove_stake(signed(coldkey), hotkey, netuid, amount),
		4 => Subtensor::serve_axon(signed(hotkey), netuid, 1, 5, 80, 4, 0, 0, 0),
		5 if random.below(20) == 0 => Subtensor::register_network(signed(coldkey), hotkey_of(coldkey)),
		6 if random.below(20) == 0 => {
			Subtensor::set_subnet_owner_cut(random.below(65_536) as u16);
			Ok(())
		}
		_ => {
			let n = 1 + random.below(6) as u16;
			let values = (0..n).map(|_| random.below(65_536) as u16).collect();
			Subtensor::set_weights(signed(hotkey), netuid, (0..n).collect(), values, 0)
		}
	};
}

/// What the call at hand burned, by its event.
fn burned_by_calls(since: usize) -> u64 {
	let price = |event: &Event<Test>| match event {
		Event::NeuronRegistered(netuid, ..) => Burn::<Test>::get(netuid),
		Event::NetworkAdded(..) => NetworkMinLockCost::<Test>::get(),
		_ => 0,
	};
	events()[since..].iter().map(price).sum()
}

#[test]
fn random_calls_keep_the_accounts_balanced() {
	for seed in 0..8 {
		with_subnet(|| {
			let mut random = Random(seed);
			Subtensor::set_tempo(NETUID, 5);
			MaxAllowedUids::<Test>::insert(NETUID, 6);
			ImmunityPeriod::<Test>::insert(NETUID, 3);
			ServingRateLimit::<Test>::insert(NETUID, 2);
			for _ in 0..120 {
				for _ in 0..4 {
					let (issuance, since) = (TotalIssuance::<Test>::get(), events().len());
					random_call(&mut random);
					assert_accounts_balance();
					assert_eq!(TotalIssuance::<Test>::get(), issuance - burned_by_calls(since));
				}
				let issuance = TotalIssuance::<Test>::get();
				let mined_by_owner = mined_by_owners();
				next_block();
				assert_accounts_balance();
				let burned = mined_by_owners() - mined_by_owner;
				assert_eq!(
					TotalIssuance::<Test>::get(),
					issuance + TAO - burned,
					"seed {seed}"
				);
			}
			assert!(SubnetEpochIndex::<Test>::get(NETUID) >= 20);
			assert!(TotalStake::<Test>::get() > 0);
		});
	}
}

/// All incentive of owners' hotkeys so far, which epochs burn.
fn mined_by_owners() -> u64 {
	let burned = |event: Event<Test>| match event {
		Event::IncentiveAlphaEmittedToMiners { netuid, emissions } => {
			Subtensor::owner_uid(netuid).map_or(0, |uid| emissions[usize::from(uid)])
		}
		_ => 0,
	};
	events().into_iter().map(burned).sum()
}
