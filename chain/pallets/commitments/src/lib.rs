//! Data that registered hotkeys put on the chain, so that anyone can tell when it was there.
//!
//! Calls, arguments, storage, events and errors are those of Subtensor's pallet of this name (spec 425), so that one
//! client serves both chains. What differs is in `docs/adr/0012-anchors.md`: nothing here can open a timelocked
//! commitment, so none is taken, and `ResetBondsFlag` resets nothing.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(test)]
mod tests;
pub mod types;

pub use pallet::*;
pub use types::*;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use frame_support::pallet_prelude::*;
	use frame_system::pallet_prelude::*;
	use pallet_subtensor::{NetUid, SubnetEpochIndex, TaoBalance, Uids};

	/// Least space that a commitment takes, in bytes.
	pub const MIN_SPACE: u64 = 100;

	#[pallet::pallet]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config:
		frame_system::Config<RuntimeEvent: From<Event<Self>>> + pallet_subtensor::Config
	{
	}

	/// The newest commitment of each hotkey on a subnet.
	#[pallet::storage]
	pub type CommitmentOf<T: Config> = StorageDoubleMap<
		_,
		Identity,
		NetUid,
		Twox64Concat,
		T::AccountId,
		Registration<TaoBalance, BlockNumberFor<T>>,
	>;

	/// Block of it.
	#[pallet::storage]
	pub type LastCommitment<T: Config> =
		StorageDoubleMap<_, Identity, NetUid, Twox64Concat, T::AccountId, BlockNumberFor<T>>;

	/// What each hotkey used of its space.
	#[pallet::storage]
	pub type UsedSpaceOf<T: Config> =
		StorageDoubleMap<_, Identity, NetUid, Twox64Concat, T::AccountId, UsageTracker>;

	/// Bytes that a hotkey may commit in one epoch of a subnet.
	#[pallet::storage]
	pub type MaxSpace<T> = StorageValue<_, u32, ValueQuery, ConstU32<3100>>;

	#[pallet::event]
	#[pallet::generate_deposit(fn deposit_event)]
	pub enum Event<T: Config> {
		/// A hotkey committed something.
		Commitment { netuid: NetUid, who: T::AccountId },
	}

	/// The first four are Subtensor's, in its order.
	#[pallet::error]
	pub enum Error<T> {
		/// More fields than a commitment may have. Not reached: the argument's type holds no more.
		TooManyFieldsInCommitmentInfo,
		/// The account is not a hotkey of the subnet.
		AccountNotAllowedCommit,
		/// The hotkey used up its space until the next epoch.
		SpaceLimitExceeded,
		/// A deposit could not be given back. Not reached: there are none.
		UnexpectedUnreserveLeftover,
		/// This chain follows no drand, so nothing would ever open the commitment.
		TimelockNotSupported,
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Replaces what the caller committed on a subnet. Signed by a hotkey of it; free of fees.
		///
		/// Each commitment takes the bytes of its data, and [`MIN_SPACE`] at least, from the hotkey's space of this epoch.
		#[pallet::call_index(0)]
		#[pallet::weight((T::DbWeight::get().reads_writes(4, 3), DispatchClass::Normal, Pays::No))]
		pub fn set_commitment(origin: OriginFor<T>, netuid: NetUid, info: CommitmentInfo) -> DispatchResult {
			let who = ensure_signed(origin)?;
			ensure!(
				Uids::<T>::contains_key(netuid, &who),
				Error::<T>::AccountNotAllowedCommit
			);
			ensure!(
				!info
					.fields
					.iter()
					.any(|field| matches!(field, Data::TimelockEncrypted { .. })),
				Error::<T>::TimelockNotSupported
			);
			Self::take_space(netuid, &who, &info)?;

			let block = frame_system::Pallet::<T>::block_number();
			let registration = Registration {
				deposit: 0,
				block,
				info,
			};
			CommitmentOf::<T>::insert(netuid, &who, registration);
			LastCommitment::<T>::insert(netuid, &who, block);
			Self::deposit_event(Event::Commitment { netuid, who });
			Ok(())
		}

		/// Sets the bytes that a hotkey may commit in one epoch. For root.
		#[pallet::call_index(2)]
		#[pallet::weight(T::DbWeight::get().writes(1))]
		pub fn set_max_space(origin: OriginFor<T>, new_limit: u32) -> DispatchResult {
			ensure_root(origin)?;
			MaxSpace::<T>::put(new_limit);
			Ok(())
		}
	}

	impl<T: Config> Pallet<T> {
		fn take_space(netuid: NetUid, who: &T::AccountId, info: &CommitmentInfo) -> DispatchResult {
			let needed: u64 = info.fields.iter().map(Data::space).sum();
			let last_epoch = SubnetEpochIndex::<T>::get(netuid);
			let used = UsedSpaceOf::<T>::get(netuid, who)
				.filter(|usage| usage.last_epoch == last_epoch)
				.map_or(0, |usage| usage.used_space);
			let used_space = used.saturating_add(needed.max(MIN_SPACE));
			ensure!(
				used_space <= u64::from(MaxSpace::<T>::get()),
				Error::<T>::SpaceLimitExceeded
			);
			let usage = UsageTracker {
				last_epoch,
				used_space,
			};
			UsedSpaceOf::<T>::insert(netuid, who, usage);
			Ok(())
		}
	}
}
