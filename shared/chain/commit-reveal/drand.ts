import { bls12_381 } from '@noble/curves/bls12-381.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { hexToBytes } from '@noble/hashes/utils.js'
import { invalid } from './weight-fields.ts'

/** drand's quicknet: one unchained BLS12-381 beacon, signatures in G1, public key in G2 (drand.love, "quicknet"). */
export const QUICKNET = {
  /** Compressed, 96 bytes. */
  publicKey: hexToBytes(
    '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451' +
      '0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a',
  ),
  chainHash: '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971',
  /** Time of round 1, Unix milliseconds. */
  genesisMs: 1_692_803_367_000,
  /** Milliseconds between two rounds. */
  periodMs: 3_000,
} as const

/** RFC 9380 suite of quicknet's signatures ("bls-unchained-g1-rfc9380"). */
const DOMAIN = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_'

const SIGNATURE_BYTES = 48

export type G1Point = ReturnType<typeof bls12_381.G1.Point.fromBytes>

/** When a round comes out, Unix milliseconds. */
export function roundTimeMs(round: number): number {
  return QUICKNET.genesisMs + (round - 1) * QUICKNET.periodMs
}

/**
 * The point of G1 that a round's signature signs, and the identity that a commit is locked to: the hash to the curve of
 * sha256(round as a big-endian u64). Throws `COMMIT_INVALID` when `round` is not a positive safe integer.
 */
export function roundPoint(round: number): G1Point {
  if (!Number.isSafeInteger(round) || round < 1) throw invalid(`${round} is not a drand round`)
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(round))
  // Through affine form: the pairing needs it, and so the cost is paid once.
  return bls12_381.G1.Point.fromAffine(
    bls12_381.G1.hashToCurve(sha256(bytes), { DST: DOMAIN }).toAffine(),
  ) as G1Point
}

/** The point of a round's signature, or undefined when the bytes are not a point of G1's prime-order subgroup. */
export function signaturePoint(signature: Uint8Array): G1Point | undefined {
  if (signature.length !== SIGNATURE_BYTES) return undefined
  try {
    // Checks the curve and the subgroup.
    const point = bls12_381.G1.Point.fromBytes(signature)
    return point.is0() ? undefined : point
  } catch {
    return undefined
  }
}

/** True when `signature` (48 bytes) is quicknet's signature of that round. Never throws for bad bytes. */
export function verifyRound(round: number, signature: Uint8Array): boolean {
  const point = signaturePoint(signature)
  if (point === undefined) return false
  return bls12_381.shortSignatures.verify(point, roundPoint(round), QUICKNET.publicKey)
}
