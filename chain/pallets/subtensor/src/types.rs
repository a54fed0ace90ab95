//! Subtensor's vocabulary.

use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;

/// A subnet. 0 is Subtensor's root network, which does not exist here.
pub type NetUid = u16;
/// `mechanism * 4096 + netuid`; there is one mechanism a subnet here, number 0, so it equals the netuid.
pub type NetUidStorageIndex = u16;
/// Rao.
pub type TaoBalance = u64;
/// Rao too: alpha and TAO are one to one here.
pub type AlphaBalance = u64;

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
