//! Genesis presets, read through the `GenesisBuilder` runtime API.

use crate::{
	dev_keys, AccountId, Balance, BalancesConfig, RuntimeGenesisConfig, SubtensorModuleConfig, SudoConfig,
};
use alloc::{vec, vec::Vec};
use pallet_subtensor::genesis::{GenesisNeuron, GenesisSubnet, GenesisSubnets, Hyperparameters};
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_keyring::Sr25519Keyring;

const RAO_PER_TAO: Balance = 1_000_000_000;
/// What each well-known account of a development chain starts with.
const ENDOWMENT: Balance = 1_000_000 * RAO_PER_TAO;

const WELL_KNOWN: [Sr25519Keyring; 6] = [
	Sr25519Keyring::Alice,
	Sr25519Keyring::Bob,
	Sr25519Keyring::Charlie,
	Sr25519Keyring::Dave,
	Sr25519Keyring::Eve,
	Sr25519Keyring::Ferdie,
];

/// Presets with a subnet, by its number of neurons. A quarter of them, and one at least, are validators.
const SUBNETS: [(&str, usize); 3] = [("subnet-2", 2), ("subnet-16", 16), ("subnet-256", 256)];
/// What a validator of such a preset stakes on itself.
const STAKE: Balance = 10_000 * RAO_PER_TAO;
/// What each neuron's coldkey holds besides.
const BALANCE: Balance = 1_000 * RAO_PER_TAO;
/// Blocks between epochs, and between two settings of weights.
const TEMPO: u16 = 20;

/// The names of the presets.
pub fn preset_names() -> Vec<PresetId> {
	let plain = [DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET];
	let names = plain.into_iter().chain(SUBNETS.map(|(name, _)| name));
	names.map(PresetId::from).collect()
}

/// A preset as JSON, for `GenesisBuilder_build_state`; none for an unknown name.
pub fn preset(id: &PresetId) -> Option<Vec<u8>> {
	let endowed: &[Sr25519Keyring] = match id.as_ref() {
		DEV_RUNTIME_PRESET => &WELL_KNOWN,
		// Two accounts, for a chain whose other accounts are to be funded by transfers.
		LOCAL_TESTNET_RUNTIME_PRESET => &WELL_KNOWN[..2],
		name => {
			let (_, neurons) = SUBNETS.into_iter().find(|(known, _)| *known == name)?;
			return Some(to_json(&RuntimeGenesisConfig {
				subtensor_module: SubtensorModuleConfig {
					subnets: subnet(neurons),
				},
				..config(&WELL_KNOWN)
			}));
		}
	};
	Some(to_json(&config(endowed)))
}

fn to_json(config: &RuntimeGenesisConfig) -> Vec<u8> {
	serde_json::to_vec(config).expect("a genesis config has no map keys but strings")
}

/// Subnet 1 with `count` neurons: validators `//validator//1`, `//validator//2` and so on, then miners `//miner//1` and
/// on; the coldkey of each is `//coldkey` before it. Alice owns it, with the hotkey of Eve, which is no neuron.
fn subnet(count: usize) -> GenesisSubnets<AccountId> {
	let validators = (count / 4).max(1);
	let neuron = |stake| {
		move |[hotkey, coldkey]: &[[u8; 32]; 2]| GenesisNeuron {
			hotkey: (*hotkey).into(),
			coldkey: (*coldkey).into(),
			stake,
			balance: BALANCE,
		}
	};
	let validating = dev_keys::VALIDATORS.iter().take(validators).map(neuron(STAKE));
	let mining = dev_keys::MINERS.iter().take(count - validators).map(neuron(0));
	let subnet = GenesisSubnet {
		netuid: 1,
		owner_coldkey: Sr25519Keyring::Alice.to_account_id(),
		owner_hotkey: Sr25519Keyring::Eve.to_account_id(),
		hyperparameters: Hyperparameters {
			tempo: Some(TEMPO),
			weights_rate_limit: Some(TEMPO.into()),
			commit_reveal: Some(false),
			..Default::default()
		},
		neurons: validating.chain(mining).collect(),
	};
	vec![subnet].try_into().expect("the keys differ")
}

/// The whole configuration, not a patch of it: `GenesisBuilder_build_state` takes it as it is.
fn config(endowed: &[Sr25519Keyring]) -> RuntimeGenesisConfig {
	let balances: Vec<(AccountId, Balance)> = endowed
		.iter()
		.map(|key| (key.to_account_id(), ENDOWMENT))
		.collect();
	RuntimeGenesisConfig {
		balances: BalancesConfig {
			balances,
			..Default::default()
		},
		sudo: SudoConfig {
			key: Some(Sr25519Keyring::Alice.to_account_id()),
		},
		..Default::default()
	}
}
