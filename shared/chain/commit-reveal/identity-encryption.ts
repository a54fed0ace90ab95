import { bls12_381 } from '@noble/curves/bls12-381.js'
import { bytesToNumberBE, equalBytes } from '@noble/curves/utils.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '../devnet/runtime/scale.ts'
import { type G1Point, QUICKNET } from './drand.ts'

// Boneh-Franklin identity-based encryption ("FullIdent", CRYPTO 2001) of one 32-byte key, with drand's key and BLS12-381,
// in the form of the `tle` crate that the chain opens commits with: signatures in G1, U in G2, sha256 for every hash.

const { G2, fields, millerLoopBatch, utils } = bls12_381
const { Fp12, Fr } = fields

/** A 32-byte key, locked to an identity. */
export interface LockedKey {
  /** r·G2 compressed, 96 bytes. */
  u: Uint8Array
  /** sigma ^ sha256(e(identity, publicKey)^r), 32 bytes. */
  v: Uint8Array
  /** key ^ sha256(sigma), 32 bytes. */
  w: Uint8Array
}

/** The Miller loop's lines depend on the public key alone, so they are computed once, at the first use. */
let publicKeyLines: ReturnType<typeof utils.calcPairingPrecomputes> | undefined

/**
 * Locks `key` until the identity is signed.
 * @param sigma 32 random bytes that must never be used twice
 */
export function lockKey(key: Uint8Array, sigma: Uint8Array, identity: G1Point): LockedKey {
  publicKeyLines ??= utils.calcPairingPrecomputes(G2.Point.fromBytes(QUICKNET.publicKey))
  const r = scalarOf(sigma, key)
  // e(identity, publicKey)^r as e(r·identity, publicKey): a multiplication in G1 is cheaper than a power in GT.
  const { x, y } = identity.multiply(r).toAffine()
  const shared = Fp12.finalExponentiate(millerLoopBatch([[publicKeyLines, x, y]]))
  return {
    u: G2.Point.BASE.multiply(r).toBytes(),
    v: xor(sigma, hashOfTarget(shared)),
    w: xor(key, sha256(sigma)),
  }
}

/**
 * The key, from the identity's signature; undefined when this is another identity's signature, or when the lock was
 * tampered with: the two look alike.
 */
export function unlockKey({ u, v, w }: LockedKey, signature: G1Point): Uint8Array | undefined {
  const point = pointOfG2(u)
  if (point === undefined) return undefined
  const sigma = xor(v, hashOfTarget(bls12_381.pairing(signature, point)))
  const key = xor(w, sha256(sigma))
  return equalBytes(G2.Point.BASE.multiply(scalarOf(sigma, key)).toBytes(), u) ? key : undefined
}

function scalarOf(sigma: Uint8Array, key: Uint8Array): bigint {
  return Fr.create(bytesToNumberBE(sha256(concatBytes(sigma, key))))
}

function pointOfG2(bytes: Uint8Array) {
  try {
    const point = G2.Point.fromBytes(bytes)
    return point.is0() ? undefined : point
  } catch {
    return undefined
  }
}

/** sha256 of arkworks' encoding of an element of GT: its 12 coordinates in tower order, each 48 bytes little-endian. */
function hashOfTarget({ c0, c1 }: typeof Fp12.ONE): Uint8Array {
  const quadratic = [c0, c1].flatMap((six) => [six.c0, six.c1, six.c2])
  const coordinates = quadratic.flatMap((two) => [two.c0, two.c1])
  return sha256(concatBytes(...coordinates.map((value) => fields.Fp.toBytes(value).toReversed())))
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ (b[i] ?? 0))
}
