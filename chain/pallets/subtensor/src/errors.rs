//! Errors, with Subtensor's names.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod errors {
	#[pallet::error]
	pub enum Error<T> {
		/// The subnet does not exist.
		SubnetNotExists,
		/// The IP type is neither 4 nor 6.
		InvalidIpType,
		/// The address is the loopback that Subtensor refuses, or out of range.
		InvalidIpAddress,
		/// The port is zero.
		InvalidPort,
		/// The hotkey is not registered on this subnet.
		HotKeyNotRegisteredInSubNet,
		/// The hotkey has no owner: it was never registered anywhere.
		HotKeyAccountNotExists,
		/// The hotkey is not registered on the subnet that it serves.
		HotKeyNotRegisteredInNetwork,
		/// The hotkey belongs to another coldkey.
		NonAssociatedColdKey,
		/// There is no stake to withdraw.
		NotEnoughStakeToWithdraw,
		/// The hotkey's stake is below `StakeThreshold`.
		NotEnoughStakeToSetWeights,
		/// The coldkey's free balance is too low.
		NotEnoughBalanceToStake,
		/// The neuron has no validator permit.
		NeuronNoValidatorPermit,
		/// `dests` and `weights` differ in length.
		WeightVecNotEqualSize,
		/// A uid occurs twice.
		DuplicateUids,
		/// A uid does not exist on the subnet.
		UidVecContainInvalidOne,
		/// Fewer weights than `MinAllowedWeights`.
		WeightVecLengthIsLow,
		/// The hotkey is registered on the subnet already.
		HotKeyAlreadyRegisteredInSubNet,
		/// A weight is larger than `MaxWeightsLimit` allows.
		MaxWeightExceeded,
		/// Less than `WeightsSetRateLimit` blocks since the last weights.
		SettingWeightsTooFast,
		/// The version key is below the subnet's `WeightsVersionKey`.
		IncorrectWeightVersionKey,
		/// Less than `ServingRateLimit` blocks since the axon was served.
		ServingRateLimitExceeded,
		/// More weights than neurons.
		UidsLengthExceedUidsInSubNet,
		/// The subnet takes no registrations.
		SubNetRegistrationDisabled,
		/// The price of a registration is above the caller's limit.
		RegistrationPriceLimitExceeded,
		/// The root network takes no registrations.
		RegistrationNotPermittedOnRootSubnet,
		/// The root network takes no weights.
		CanNotSetRootNetworkWeights,
		/// The subnet is full and must give up none of its neurons.
		NoNeuronIdAvailable,
		/// The subnet takes weights by commit-reveal only.
		CommitRevealEnabled,
		/// The subnet takes weights without commit-reveal.
		CommitRevealDisabled,
		/// The subnet or its mechanism does not exist.
		MechanismDoesNotExist,
		/// Less than `WeightsSetRateLimit` blocks since the last commit.
		CommittingWeightsTooFast,
		/// Ten commits wait for their reveal.
		TooManyUnrevealedCommits,
		/// The hotkey has no commit that can still be revealed.
		NoWeightsCommitFound,
		/// No commit has the hash of these weights.
		InvalidRevealCommitHashNotMatch,
		/// The epoch of the reveal has not come.
		RevealTooEarly,
		/// The epoch of the reveal has gone.
		ExpiredWeightCommit,
		/// The lists of a batch differ in length.
		InputLengthsUnequal,
		/// More than 100 epochs from commit to reveal.
		RevealPeriodTooLarge,
		/// No epoch from commit to reveal.
		RevealPeriodTooSmall,
		/// An epoch was asked for already.
		EpochTriggerAlreadyPending,
		/// The next epoch comes as soon without being asked for.
		AutoEpochAlreadyImminent,
		/// Under commit-reveal no epoch can be asked for.
		DynamicTempoBlockedByCommitReveal,
		/// Alphas count only where liquid alpha is on.
		LiquidAlphaDisabled,
		/// The highest alpha is below a fortieth.
		AlphaHighTooLow,
		/// The lowest alpha is below a fortieth, or above the highest.
		AlphaLowOutOfRange,
		/// The amount is below the minimum stake.
		AmountTooLow,
		/// There are as many subnets as `SubnetLimit` allows.
		SubnetLimitReached,
		/// The coldkey cannot pay `NetworkMinLockCost`.
		CannotAffordLockCost,
	}
}
