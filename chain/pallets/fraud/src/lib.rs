//! Burns stake of a miner that is proven to have answered one challenge in two ways.
//!
//! Not Subtensor's: there is no slashing there. Off on every subnet until root sets a share. What counts as proof, and
//! why nothing less does, is in `docs/adr/0006-slash-on-proven-fraud.md`.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod evidence;
#[cfg(test)]
mod tests;

pub use evidence::{Evidence, Finish, Opening};
pub use pallet::*;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use frame_support::pallet_prelude::*;
	use frame_system::pallet_prelude::*;
	use pallet_subtensor::{AlphaBalance, NetUid, Pallet as Subtensor};
	use sp_core::H256;

	#[pallet::pallet]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config:
		frame_system::Config<AccountId: AsRef<[u8; 32]>, Hash: AsRef<[u8]>, RuntimeEvent: From<Event<Self>>>
		+ pallet_subtensor::Config
	{
	}

	/// Share of a proven liar's stake that is burned, out of 65535. 0, the default, switches reports off.
	#[pallet::storage]
	pub type SlashShare<T> = StorageMap<_, Identity, NetUid, u16, ValueQuery>;

	/// Challenge and miner of each fraud that was slashed, and the block it was slashed in.
	#[pallet::storage]
	pub type Slashed<T: Config> =
		StorageDoubleMap<_, Identity, H256, Blake2_128Concat, T::AccountId, BlockNumberFor<T>>;

	#[pallet::event]
	#[pallet::generate_deposit(fn deposit_event)]
	pub enum Event<T: Config> {
		/// Root set the share of stake that a fraud costs, out of 65535.
		SlashShareSet { netuid: NetUid, share: u16 },
		/// A miner lost stake, in rao, for two answers to one challenge.
		EquivocationSlashed {
			netuid: NetUid,
			miner: T::AccountId,
			validator: T::AccountId,
			challenge: H256,
			burned: AlphaBalance,
			reporter: T::AccountId,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The subnet does not exist.
		SubnetNotExists,
		/// The subnet slashes nobody: its share is 0.
		SlashingDisabled,
		/// The chain does not know the hash of the challenge's block: it is too old, or was never built.
		BlockNotKnown,
		/// This miner was slashed for this challenge already.
		AlreadySlashed,
		/// The commits name different models or execution classes, under which answers may differ.
		DifferentModelOrClass,
		/// Both commits are to one answer.
		SameAnswer,
		/// The miner did not sign one of the commits.
		BadSignature,
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Reports two commits of one miner to different answers to one challenge. Anyone may; a proven one is free.
		#[pallet::call_index(0)]
		#[pallet::weight(report_weight::<T>())]
		pub fn report_equivocation(
			origin: OriginFor<T>,
			netuid: NetUid,
			evidence: Evidence<T::AccountId, BlockNumberFor<T>>,
		) -> DispatchResultWithPostInfo {
			let reporter = ensure_signed(origin)?;
			let share = SlashShare::<T>::get(netuid);
			ensure!(share > 0, Error::<T>::SlashingDisabled);
			let challenge = Self::challenge_of(netuid, &evidence)?;
			ensure!(
				!Slashed::<T>::contains_key(challenge, &evidence.miner),
				Error::<T>::AlreadySlashed
			);
			let Evidence { first, second, .. } = &evidence;
			ensure!(
				first.under_one_class_with(second),
				Error::<T>::DifferentModelOrClass
			);
			ensure!(!first.answers_as(second), Error::<T>::SameAnswer);
			let signed = |opening| evidence.is_signed(challenge, opening);
			ensure!(signed(first) && signed(second), Error::<T>::BadSignature);

			let now = frame_system::Pallet::<T>::block_number();
			Slashed::<T>::insert(challenge, &evidence.miner, now);
			let burned = Subtensor::<T>::burn_stake(&evidence.miner, netuid, share);
			Self::deposit_event(Event::EquivocationSlashed {
				netuid,
				miner: evidence.miner,
				validator: evidence.validator,
				challenge,
				burned,
				reporter,
			});
			Ok(Pays::No.into())
		}

		/// Sets the share of stake that a fraud costs on a subnet, out of 65535; 0 switches reports off. For root.
		#[pallet::call_index(1)]
		#[pallet::weight((T::DbWeight::get().reads_writes(1, 1), DispatchClass::Operational))]
		pub fn set_slash_share(origin: OriginFor<T>, netuid: NetUid, share: u16) -> DispatchResult {
			ensure_root(origin)?;
			ensure!(
				pallet_subtensor::NetworksAdded::<T>::get(netuid),
				Error::<T>::SubnetNotExists
			);
			SlashShare::<T>::insert(netuid, share);
			Self::deposit_event(Event::SlashShareSet { netuid, share });
			Ok(())
		}
	}

	impl<T: Config> Pallet<T> {
		/// The challenge's id, recomputed from the hashes that this chain itself knows.
		fn challenge_of(
			netuid: NetUid,
			evidence: &Evidence<T::AccountId, BlockNumberFor<T>>,
		) -> Result<H256, Error<T>> {
			let hash_of = frame_system::Pallet::<T>::block_hash;
			let block = hash_of(evidence.block);
			ensure!(block != Default::default(), Error::<T>::BlockNotKnown);
			let genesis = hash_of(BlockNumberFor::<T>::default());
			Ok(evidence.challenge(genesis.as_ref(), netuid, block.as_ref()))
		}
	}

	/// Two signatures to verify, and stake to take from whoever staked on the miner.
	fn report_weight<T: Config>() -> Weight {
		let signatures = Weight::from_parts(200_000_000, 0);
		T::DbWeight::get().reads_writes(40, 40).saturating_add(signatures)
	}
}
