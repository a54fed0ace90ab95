//! Subnets that are there from the first block on, read from a genesis configuration.

use crate::*;
use alloc::{format, string::String, vec::Vec};
use frame_support::{
	ensure,
	traits::fungible::{Inspect, Mutate},
};
use serde::{de::Error as _, Deserialize, Deserializer, Serialize};

/// Most uids that a subnet can have.
pub const MAX_UIDS: u16 = 256;

/// A subnet with its neurons; their uids are their places in the list.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisSubnet<AccountId> {
	pub netuid: NetUid,
	pub owner_coldkey: AccountId,
	/// A neuron only where it is listed as one.
	pub owner_hotkey: AccountId,
	#[serde(default)]
	pub hyperparameters: Hyperparameters,
	pub neurons: Vec<GenesisNeuron<AccountId>>,
}

/// A neuron with what its coldkey stakes on it and holds besides, in rao.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisNeuron<AccountId> {
	pub hotkey: AccountId,
	pub coldkey: AccountId,
	#[serde(default)]
	pub stake: AlphaBalance,
	/// Added to what the coldkey has elsewhere in the configuration.
	#[serde(default)]
	pub balance: TaoBalance,
}

/// Declares the hyperparameters, all optional, and how each is stored.
macro_rules! hyperparameters {
	($($field:ident: $value:ty => $storage:ident;)+) => {
		/// What differs from a new subnet's hyperparameters. Units are those of the storage items.
		#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
		#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
		pub struct Hyperparameters {
			$(
				#[serde(skip_serializing_if = "Option::is_none")]
				pub $field: Option<$value>,
			)+
			#[serde(skip_serializing_if = "Option::is_none")]
			pub alpha_low: Option<u16>,
			#[serde(skip_serializing_if = "Option::is_none")]
			pub alpha_high: Option<u16>,
		}

		impl Hyperparameters {
			fn store<T: Config>(&self, netuid: NetUid) {
				$(
					if let Some(value) = self.$field {
						$storage::<T>::insert(netuid, value);
					}
				)+
				let (low, high) = AlphaValues::<T>::get(netuid);
				if self.alpha_low.is_some() || self.alpha_high.is_some() {
					let values = (self.alpha_low.unwrap_or(low), self.alpha_high.unwrap_or(high));
					AlphaValues::<T>::insert(netuid, values);
				}
			}
		}
	};
}

hyperparameters! {
	tempo: u16 => Tempo;
	weights_rate_limit: u64 => WeightsSetRateLimit;
	min_allowed_weights: u16 => MinAllowedWeights;
	max_weight_limit: u16 => MaxWeightsLimit;
	version_key: u64 => WeightsVersionKey;
	commit_reveal: bool => CommitRevealWeightsEnabled;
	reveal_period_epochs: u64 => RevealPeriodEpochs;
	kappa: u16 => Kappa;
	immunity_period: u16 => ImmunityPeriod;
	min_non_immune_uids: u16 => MinNonImmuneUids;
	activity_cutoff: u16 => ActivityCutoff;
	max_allowed_uids: u16 => MaxAllowedUids;
	max_allowed_validators: u16 => MaxAllowedValidators;
	registration_allowed: bool => NetworkRegistrationAllowed;
	serving_rate_limit: u64 => ServingRateLimit;
	bonds_moving_average: u64 => BondsMovingAverage;
	bonds_penalty: u16 => BondsPenalty;
	yuma3: bool => Yuma3On;
	liquid_alpha: bool => LiquidAlphaOn;
	alpha_sigmoid_steepness: i16 => AlphaSigmoidSteepness;
	min_burn: u64 => MinBurn;
	max_burn: u64 => MaxBurn;
	burn: u64 => Burn;
}

/// Subnets that were checked against each other. A configuration that fails a check does not deserialize.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct GenesisSubnets<AccountId>(Vec<GenesisSubnet<AccountId>>);

impl<AccountId> Default for GenesisSubnets<AccountId> {
	fn default() -> Self {
		Self(Vec::new())
	}
}

impl<AccountId: Eq> TryFrom<Vec<GenesisSubnet<AccountId>>> for GenesisSubnets<AccountId> {
	type Error = String;

	fn try_from(subnets: Vec<GenesisSubnet<AccountId>>) -> Result<Self, String> {
		let mut owned: Vec<(&AccountId, &AccountId)> = Vec::new();
		for (expected, subnet) in (1..).zip(&subnets) {
			let netuid = subnet.netuid;
			ensure!(
				netuid == expected,
				format!("subnets are numbered from 1 in order, so {netuid} stands where {expected} should")
			);
			subnet
				.check()
				.map_err(|problem| format!("subnet {netuid}: {problem}"))?;
			let neurons = subnet
				.neurons
				.iter()
				.map(|neuron| (&neuron.hotkey, &neuron.coldkey));
			for (hotkey, coldkey) in neurons.chain([(&subnet.owner_hotkey, &subnet.owner_coldkey)]) {
				match owned.iter().find(|(known, _)| *known == hotkey) {
					Some((_, owner)) if *owner != coldkey => {
						return Err(format!("subnet {netuid}: one hotkey has two coldkeys"))
					}
					Some(_) => {}
					None => owned.push((hotkey, coldkey)),
				}
			}
		}
		Ok(Self(subnets))
	}
}

impl<'de, AccountId: Deserialize<'de> + Eq> Deserialize<'de> for GenesisSubnets<AccountId> {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		Vec::deserialize(deserializer)?
			.try_into()
			.map_err(D::Error::custom)
	}
}

impl<AccountId: Eq> GenesisSubnet<AccountId> {
	/// What is wrong with the subnet by itself.
	fn check(&self) -> Result<(), String> {
		self.hyperparameters.check()?;
		let (count, room) = (
			self.neurons.len(),
			self.hyperparameters.max_allowed_uids.unwrap_or(MAX_UIDS),
		);
		ensure!(
			count <= usize::from(room),
			format!("{count} neurons, but maxAllowedUids is {room}")
		);
		for (uid, neuron) in self.neurons.iter().enumerate() {
			let first = self
				.neurons
				.iter()
				.position(|other| other.hotkey == neuron.hotkey);
			if let Some(first) = first.filter(|first| *first != uid) {
				return Err(format!("neurons {first} and {uid} have one hotkey"));
			}
		}
		Ok(())
	}
}

impl Hyperparameters {
	/// Holds the values to the bounds of the calls that set them.
	fn check(&self) -> Result<(), String> {
		let within = |name: &str, value: Option<u64>, least: u64, most: u64| match value {
			Some(value) if !(least..=most).contains(&value) => {
				Err(format!("{name} is {value}, outside {least} to {most}"))
			}
			_ => Ok(()),
		};
		let uids = self.max_allowed_uids.map(u64::from);
		within("maxAllowedUids", uids, 1, MAX_UIDS.into())?;
		let validators = self.max_allowed_validators.map(u64::from);
		within(
			"maxAllowedValidators",
			validators,
			0,
			uids.unwrap_or(MAX_UIDS.into()),
		)?;
		within("bondsMovingAverage", self.bonds_moving_average, 0, 1_000_000)?;
		within("revealPeriodEpochs", self.reveal_period_epochs, 1, 100)?;
		let least_alpha = u64::from(u16::MAX / 40);
		let highest = u64::from(self.alpha_high.unwrap_or(u16::MAX));
		within(
			"alphaHigh",
			self.alpha_high.map(u64::from),
			least_alpha,
			u16::MAX.into(),
		)?;
		within("alphaLow", self.alpha_low.map(u64::from), least_alpha, highest)?;
		let cheapest = self.min_burn.unwrap_or(DEFAULT_MIN_BURN);
		let dearest = self.max_burn.unwrap_or(DEFAULT_MAX_BURN);
		within("minBurn", Some(cheapest), 0, dearest)?;
		within("burn", self.burn, cheapest, dearest)
	}
}

impl<T: Config> Pallet<T> {
	/// Creates the subnets. Stake and balances are new TAO; the balances' pallet must have been built before.
	pub(crate) fn build_genesis(subnets: &GenesisSubnets<T::AccountId>) {
		for subnet in &subnets.0 {
			Self::build_subnet(subnet);
		}
		TotalNetworks::<T>::put(subnets.0.len() as u16);
		TotalIssuance::<T>::put(T::Currency::total_issuance().saturating_add(TotalStake::<T>::get()));
	}

	fn build_subnet(subnet: &GenesisSubnet<T::AccountId>) {
		let netuid = subnet.netuid;
		subnet.hyperparameters.store::<T>(netuid);
		// Where only a bound was given, the price of a registration follows it.
		let (cheapest, dearest) = (MinBurn::<T>::get(netuid), MaxBurn::<T>::get(netuid));
		Burn::<T>::mutate(netuid, |price| *price = (*price).clamp(cheapest, dearest));
		Self::associate_hotkey(&subnet.owner_coldkey, &subnet.owner_hotkey);
		Self::found_subnet(netuid, &subnet.owner_coldkey, &subnet.owner_hotkey);
		for neuron in &subnet.neurons {
			Self::associate_hotkey(&neuron.coldkey, &neuron.hotkey);
			Self::append_neuron(netuid, &neuron.hotkey);
			Self::increase_stake(&neuron.hotkey, &neuron.coldkey, netuid, neuron.stake);
			if neuron.balance > 0 {
				T::Currency::mint_into(&neuron.coldkey, neuron.balance)
					.expect("a neuron's balance is not below the existential deposit");
			}
		}
	}
}
