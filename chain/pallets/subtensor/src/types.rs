//! Subtensor's vocabulary.

use alloc::collections::VecDeque;
use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;
use sp_runtime::traits::{BlakeTwo256, Hash};

/// A subnet. 0 is Subtensor's root network, which does not exist here.
pub type NetUid = u16;
/// A mechanism of a subnet. There is one here, number 0.
pub type MechId = u8;
/// `mechanism * 4096 + netuid`; with one mechanism a subnet it equals the netuid.
pub type NetUidStorageIndex = u16;
/// Blake2b-256.
pub type CommitHash = <BlakeTwo256 as Hash>::Output;
/// Hash, epoch and block of a commit, and a number that Subtensor no longer uses.
pub type WeightCommit = (CommitHash, u64, u64, u64);
/// A hotkey's commits, oldest first.
pub type WeightCommitQueue = VecDeque<WeightCommit>;
/// Rao.
pub type TaoBalance = u64;
/// Rao too: alpha and TAO are one to one here.
pub type AlphaBalance = u64;

/// Rao.
pub const DEFAULT_MIN_BURN: TaoBalance = 500_000;
/// Rao.
pub const DEFAULT_MAX_BURN: TaoBalance = 100_000_000_000;

/// Where a neuron can be reached.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, PartialEq, TypeInfo)]
pub struct AxonInfo {
	/// Block at which it was served.
	pub block: u64,
	pub version: u32,
	/// IPv4 or IPv6 address as a number.
	pub ip: u128,
	pub port: u16,
	/// 4 or 6.
	pub ip_type: u8,
	pub protocol: u8,
	pub placeholder1: u8,
	pub placeholder2: u8,
}
