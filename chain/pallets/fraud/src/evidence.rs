//! Proof of equivocation: two openings of commits that one miner signed for one challenge.
//!
//! Hashes are those of `docs/protocol.md`: SHA-256 over a tag and the parts, with nothing in between.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use sp_core::{sr25519, H256};
use sp_io::{crypto::sr25519_verify, hashing::sha2_256};

/// Longest name of an execution class, in bytes of UTF-8.
pub const MAX_CLASS: u32 = 256;

/// How an answer ended. Its place here is its byte in the commit.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum Finish {
	Length,
	Stop,
}

/// What a commit binds besides the challenge and the parties, and the miner's signature over it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct Opening {
	pub model: H256,
	pub execution_class: BoundedVec<u8, ConstU32<MAX_CLASS>>,
	/// Number of tokens.
	pub count: u32,
	pub finish: Finish,
	/// Merkle root of the tokens.
	pub root: H256,
	pub salt: H256,
	/// sr25519 by the miner, in the context `substrate`, over `commit_message`.
	pub signature: sr25519::Signature,
}

/// Two commits of `miner` for challenge `index` of the round that `validator` opened at `block`.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct Evidence<AccountId, BlockNumber> {
	pub validator: AccountId,
	pub miner: AccountId,
	pub block: BlockNumber,
	pub index: u32,
	pub first: Opening,
	pub second: Opening,
}

impl Opening {
	/// True where both answers were to be computed alike, so that they ought to be equal.
	pub fn under_one_class_with(&self, other: &Self) -> bool {
		self.model == other.model && self.execution_class == other.execution_class
	}

	/// True where both are one answer; the salt is no part of it.
	pub fn answers_as(&self, other: &Self) -> bool {
		(self.count, self.finish, self.root) == (other.count, other.finish, other.root)
	}
}

impl<AccountId: AsRef<[u8; 32]>, BlockNumber> Evidence<AccountId, BlockNumber> {
	/// The id of the challenge on the chain with this genesis hash.
	pub fn challenge(&self, genesis: &[u8], netuid: u16, block: &[u8]) -> H256 {
		tagged_hash(
			"starling/challenge/v1",
			&[
				genesis,
				&u32::from(netuid).to_le_bytes(),
				self.validator.as_ref(),
				block,
				&self.index.to_le_bytes(),
			],
		)
	}

	/// True where the miner signed the commit that this opens.
	pub fn is_signed(&self, challenge: H256, opening: &Opening) -> bool {
		let message = self.commit_message(challenge, opening);
		let miner = sr25519::Public::from_raw(*self.miner.as_ref());
		sr25519_verify(&opening.signature, message.as_bytes(), &miner)
	}

	/// What the miner signs to stand by a commit.
	pub fn commit_message(&self, challenge: H256, opening: &Opening) -> H256 {
		let digest = self.commit_digest(challenge, opening);
		tagged_hash(
			"starling/commit-signature/v1",
			&[challenge.as_bytes(), digest.as_bytes()],
		)
	}

	/// The commit itself.
	pub fn commit_digest(&self, challenge: H256, opening: &Opening) -> H256 {
		tagged_hash(
			"starling/commit/v1",
			&[
				challenge.as_bytes(),
				self.validator.as_ref(),
				self.miner.as_ref(),
				opening.model.as_bytes(),
				&sha2_256(&opening.execution_class),
				&opening.count.to_le_bytes(),
				&[opening.finish as u8],
				opening.root.as_bytes(),
				opening.salt.as_bytes(),
			],
		)
	}
}

fn tagged_hash(tag: &str, parts: &[&[u8]]) -> H256 {
	let mut bytes = Vec::from(tag.as_bytes());
	parts.iter().for_each(|part| bytes.extend_from_slice(part));
	H256(sha2_256(&bytes))
}
