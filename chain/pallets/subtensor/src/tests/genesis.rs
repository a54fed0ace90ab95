use super::mock::*;
use crate::*;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::BuildStorage;

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

const SUBNET: &str = r#"{
	"netuid": 1, "ownerColdkey": 1, "ownerHotkey": 1001,
	"hyperparameters": { "tempo": 20, "yuma3": true, "alphaLow": 2000, "minBurn": 200000000 },
	"neurons": [
		{ "hotkey": 1001, "coldkey": 1, "stake": 7 },
		{ "hotkey": 1002, "coldkey": 2, "stake": 5, "balance": 1000 },
		{ "hotkey": 1003, "coldkey": 3 }
	]
}"#;

/// What a configuration builds, or what is wrong with it.
fn from_json(subnets: &str) -> Result<sp_io::TestExternalities, String> {
	let json = format!(r#"{{ "subnets": {subnets} }}"#);
	let config: GenesisConfig<Test> = serde_json::from_str(&json).map_err(|error| error.to_string())?;
	let storage = config.build_storage().expect("it deserialized");
	Ok(storage.into())
}

#[test]
fn a_subnet_can_be_there_from_the_start() {
	from_json(&format!("[{SUBNET}]")).unwrap().execute_with(|| {
		assert_accounts_balance();
		assert_eq!(TotalIssuance::<Test>::get(), 1_012);
		assert_eq!(TotalNetworks::<Test>::get(), 1);
		assert_eq!(SubnetOwner::<Test>::get(NETUID), 1);
		assert_eq!(Subtensor::owner_uid(NETUID), Some(0));
		assert_eq!(SubnetworkN::<Test>::get(NETUID), 3);
		assert_eq!(Uids::<Test>::get(NETUID, 1_003), Some(2));
		assert_eq!(Owner::<Test>::get(1_002), 2);
		assert_eq!(System::sufficients(&1_002), 1);
		assert_eq!((staked(2), free(2)), (5, 1_000));
		assert_eq!(Tempo::<Test>::get(NETUID), 20);
		assert!(Yuma3On::<Test>::get(NETUID));
		let (_, default_high) = AlphaValues::<Test>::get(9);
		assert_eq!(AlphaValues::<Test>::get(NETUID), (2_000, default_high));
		assert_eq!(Burn::<Test>::get(NETUID), 200_000_000, "raised to the bound");
		assert_eq!(Kappa::<Test>::get(NETUID), 32_767, "a default");
	});
}

#[test]
fn validators_of_genesis_get_their_permits_in_the_first_epoch() {
	from_json(&format!("[{SUBNET}]")).unwrap().execute_with(|| {
		run_to(19);
		assert_eq!(ValidatorPermit::<Test>::get(NETUID), vec![false; 3]);
		next_block();
		assert_eq!(ValidatorPermit::<Test>::get(NETUID), vec![true, true, false]);
		assert_accounts_balance();
	});
}

#[test]
fn a_configuration_serializes_as_it_was_read() {
	let subnets: genesis::GenesisSubnets<AccountId> = serde_json::from_str(&format!("[{SUBNET}]")).unwrap();
	let json = serde_json::to_string(&subnets).unwrap();
	assert!(!json.contains("null"), "what is a default is left out");
	assert_eq!(
		serde_json::from_str::<genesis::GenesisSubnets<AccountId>>(&json).unwrap(),
		subnets
	);
	let empty = serde_json::to_string(&GenesisConfig::<Test>::default()).unwrap();
	assert_eq!(empty, r#"{"subnets":[]}"#);
}

#[test]
fn what_is_wrong_with_a_configuration_is_said() {
	let with = |from: &str, to: &str| {
		from_json(&format!("[{}]", SUBNET.replace(from, to)))
			.map(drop)
			.unwrap_err()
	};
	let hyperparameter = |text: &str| with(r#""tempo": 20"#, text);
	let cases = [
		(
			with(r#""netuid": 1"#, r#""netuid": 2"#),
			"2 stands where 1 should",
		),
		(
			from_json(&format!("[{SUBNET},{SUBNET}]")).map(drop).unwrap_err(),
			"1 stands where 2 should",
		),
		(with("1003", "1002"), "subnet 1: neurons 1 and 2 have one hotkey"),
		(
			with(r#""coldkey": 1,"#, r#""coldkey": 4,"#),
			"subnet 1: one hotkey has two coldkeys",
		),
		(hyperparameter(r#""tempo": 65536"#), "65536"),
		(hyperparameter(r#""tempi": 20"#), "unknown field `tempi`"),
		(
			hyperparameter(r#""maxAllowedUids": 257"#),
			"subnet 1: maxAllowedUids is 257, outside 1 to 256",
		),
		(
			hyperparameter(r#""maxAllowedUids": 2"#),
			"subnet 1: 3 neurons, but maxAllowedUids is 2",
		),
		(
			hyperparameter(r#""maxAllowedUids": 4, "maxAllowedValidators": 5"#),
			"maxAllowedValidators is 5, outside 0 to 4",
		),
		(
			hyperparameter(r#""bondsMovingAverage": 1000001"#),
			"bondsMovingAverage is 1000001",
		),
		(
			hyperparameter(r#""revealPeriodEpochs": 0"#),
			"revealPeriodEpochs is 0, outside 1 to 100",
		),
		(
			hyperparameter(r#""alphaHigh": 1999"#),
			"alphaLow is 2000, outside 1638 to 1999",
		),
		(
			hyperparameter(r#""maxBurn": 199999999"#),
			"minBurn is 200000000, outside 0 to 199999999",
		),
		(
			hyperparameter(r#""burn": 199999999"#),
			"burn is 199999999, outside 200000000 to 100000000000",
		),
	];
	for (said, expected) in cases {
		assert!(said.contains(expected), "{said:?} does not say {expected:?}");
	}
}
