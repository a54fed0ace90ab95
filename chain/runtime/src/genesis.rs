//! Genesis presets, read through the `GenesisBuilder` runtime API.

use crate::{AccountId, Balance, BalancesConfig, RuntimeGenesisConfig, SudoConfig};
use alloc::{vec, vec::Vec};
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

/// The names of the presets.
pub fn preset_names() -> Vec<PresetId> {
	vec![
		PresetId::from(DEV_RUNTIME_PRESET),
		PresetId::from(LOCAL_TESTNET_RUNTIME_PRESET),
	]
}

/// A preset as JSON, for `GenesisBuilder_build_state`; none for an unknown name.
pub fn preset(id: &PresetId) -> Option<Vec<u8>> {
	let endowed: &[Sr25519Keyring] = match id.as_ref() {
		DEV_RUNTIME_PRESET => &WELL_KNOWN,
		// Two accounts, for a chain whose other accounts are to be funded by transfers.
		LOCAL_TESTNET_RUNTIME_PRESET => &WELL_KNOWN[..2],
		_ => return None,
	};
	Some(serde_json::to_vec(&config(endowed)).expect("a genesis config has no map keys but strings"))
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
