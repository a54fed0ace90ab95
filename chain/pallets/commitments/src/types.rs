//! What is committed, in Subtensor's encoding: a byte that tells kind and length, then the data.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, EncodeLike, Error, Input, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::{meta_type, Field, MetaType, Path, Type, TypeDefArray, TypeDefVariant, TypeInfo, Variant};

/// Most bytes of plain data whose length the first byte tells.
pub const MAX_RAW: u32 = 128;
/// Most bytes of plain data at all.
pub const MAX_BIG_RAW: u32 = 512;
/// Most bytes of a timelocked commitment.
pub const MAX_TIMELOCKED: u32 = 1024;
/// Most fields of one commitment.
pub const MAX_FIELDS: u32 = 3;

/// The first byte is 0 for nothing and 1 to 129 for that many bytes less one; then come these.
const BLAKE_TWO_256: u8 = 130;
const SHA_256: u8 = 131;
const KECCAK_256: u8 = 132;
const SHA_THREE_256: u8 = 133;
const TIMELOCK_ENCRYPTED: u8 = 134;
const RESET_BONDS_FLAG: u8 = 135;
const BIG_RAW: u8 = 136;

/// One field of a commitment. Nobody looks into it: a hash is a hash because its committer says so.
#[derive(Clone, Debug, DecodeWithMemTracking, Eq, MaxEncodedLen, PartialEq)]
pub enum Data {
	None,
	Raw(BoundedVec<u8, ConstU32<MAX_RAW>>),
	BlakeTwo256([u8; 32]),
	Sha256([u8; 32]),
	Keccak256([u8; 32]),
	ShaThree256([u8; 32]),
	TimelockEncrypted {
		encrypted: BoundedVec<u8, ConstU32<MAX_TIMELOCKED>>,
		reveal_round: u64,
	},
	ResetBondsFlag,
	BigRaw(BoundedVec<u8, ConstU32<MAX_BIG_RAW>>),
}

impl Data {
	/// Bytes that count against the space of an epoch.
	pub fn space(&self) -> u64 {
		let bytes = match self {
			Data::None | Data::ResetBondsFlag => 0,
			Data::Raw(bytes) => bytes.len(),
			Data::BlakeTwo256(hash)
			| Data::Sha256(hash)
			| Data::Keccak256(hash)
			| Data::ShaThree256(hash) => hash.len(),
			Data::TimelockEncrypted { encrypted, .. } => encrypted.len(),
			Data::BigRaw(bytes) => bytes.len(),
		};
		bytes as u64
	}
}

impl Encode for Data {
	fn encode(&self) -> Vec<u8> {
		match self {
			Data::None => [0].to_vec(),
			Data::Raw(bytes) => {
				// The bound keeps it below 130.
				let mut encoded = [bytes.len() as u8 + 1].to_vec();
				encoded.extend_from_slice(bytes);
				encoded
			}
			Data::BlakeTwo256(hash) => (BLAKE_TWO_256, hash).encode(),
			Data::Sha256(hash) => (SHA_256, hash).encode(),
			Data::Keccak256(hash) => (KECCAK_256, hash).encode(),
			Data::ShaThree256(hash) => (SHA_THREE_256, hash).encode(),
			Data::TimelockEncrypted {
				encrypted,
				reveal_round,
			} => (TIMELOCK_ENCRYPTED, encrypted, reveal_round).encode(),
			Data::ResetBondsFlag => [RESET_BONDS_FLAG].to_vec(),
			Data::BigRaw(bytes) => (BIG_RAW, bytes).encode(),
		}
	}
}

impl EncodeLike for Data {}

impl Decode for Data {
	fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
		Ok(match input.read_byte()? {
			0 => Data::None,
			tag @ 1..=129 => {
				let mut bytes = [0; MAX_RAW as usize];
				let bytes = &mut bytes[..usize::from(tag - 1)];
				input.read(bytes)?;
				Data::Raw(BoundedVec::truncate_from(bytes.to_vec()))
			}
			BLAKE_TWO_256 => Data::BlakeTwo256(Decode::decode(input)?),
			SHA_256 => Data::Sha256(Decode::decode(input)?),
			KECCAK_256 => Data::Keccak256(Decode::decode(input)?),
			SHA_THREE_256 => Data::ShaThree256(Decode::decode(input)?),
			TIMELOCK_ENCRYPTED => Data::TimelockEncrypted {
				encrypted: Decode::decode(input)?,
				reveal_round: Decode::decode(input)?,
			},
			RESET_BONDS_FLAG => Data::ResetBondsFlag,
			BIG_RAW => Data::BigRaw(Decode::decode(input)?),
			_ => return Err("no data begins with this byte".into()),
		})
	}
}

/// To a client the same as `[u8; N]`, whose own description would be compiled anew for each length.
struct Bytes<const N: usize>;

impl<const N: usize> TypeInfo for Bytes<N> {
	type Identity = Self;

	fn type_info() -> Type {
		array_of_bytes(N as u32)
	}
}

#[inline(never)]
fn array_of_bytes(length: u32) -> Type {
	TypeDefArray::new(length, meta_type::<u8>()).into()
}

/// Name and type of plain data, for each length: clients know it as `Raw0` to `Raw128`.
macro_rules! raw_kinds {
	($($length:literal)*) => {
		[$((concat!("Raw", stringify!($length)), MetaType::new::<Bytes<$length>>)),*]
	};
}

#[rustfmt::skip]
const RAW_KINDS: [(&str, fn() -> MetaType); MAX_RAW as usize + 1] = raw_kinds!(
	0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38
	39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66 67 68 69 70 71 72 73 74
	75 76 77 78 79 80 81 82 83 84 85 86 87 88 89 90 91 92 93 94 95 96 97 98 99 100 101 102 103 104 105 106 107
	108 109 110 111 112 113 114 115 116 117 118 119 120 121 122 123 124 125 126 127 128
);

/// By hand, since a client reads the length of plain data from the variant's name.
impl TypeInfo for Data {
	type Identity = Self;

	fn type_info() -> Type {
		let field = |name, ty| Field::new(name, ty, None, Vec::new());
		let variant = |name, index, fields| Variant::new(name, fields, index, Vec::new());
		let holding = |name, index, ty| variant(name, index, [field(None, ty)].to_vec());
		let hash = |name, index| holding(name, index, meta_type::<[u8; 32]>());
		let raw = (1..)
			.zip(RAW_KINDS)
			.map(|(index, (name, ty))| holding(name, index, ty()));
		let timelocked = [
			field(
				Some("encrypted"),
				meta_type::<BoundedVec<u8, ConstU32<MAX_TIMELOCKED>>>(),
			),
			field(Some("reveal_round"), meta_type::<u64>()),
		];
		let big = meta_type::<BoundedVec<u8, ConstU32<MAX_BIG_RAW>>>();
		let rest = [
			hash("BlakeTwo256", BLAKE_TWO_256),
			hash("Sha256", SHA_256),
			hash("Keccak256", KECCAK_256),
			hash("ShaThree256", SHA_THREE_256),
			variant("TimelockEncrypted", TIMELOCK_ENCRYPTED, timelocked.to_vec()),
			variant("ResetBondsFlag", RESET_BONDS_FLAG, Vec::new()),
			holding("BigRaw", BIG_RAW, big),
		];
		let none = [variant("None", 0, Vec::new())];
		let all = none.into_iter().chain(raw).chain(rest);
		Type::new(
			Path::new("Data", module_path!()),
			[],
			TypeDefVariant::new(all),
			Vec::new(),
		)
	}
}

/// What `set_commitment` takes.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct CommitmentInfo {
	pub fields: BoundedVec<Data, ConstU32<MAX_FIELDS>>,
}

/// What the chain keeps of a commitment.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Registration<Balance, BlockNumber> {
	/// Rao held for it; none, as on Subtensor.
	pub deposit: Balance,
	pub block: BlockNumber,
	pub info: CommitmentInfo,
}

/// How many bytes a hotkey committed in an epoch of its subnet.
#[derive(Clone, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct UsageTracker {
	pub last_epoch: u64,
	pub used_space: u64,
}
