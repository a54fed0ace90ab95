import { ristretto255 } from '@noble/curves/ed25519.js'
import { bytesToNumberLE } from '@noble/curves/utils.js'
import {
  ed25519PairFromSeed,
  mnemonicToMiniSecret,
  mnemonicValidate,
  sr25519PairFromSeed,
} from '@polkadot/util-crypto'

/** An expanded sr25519 pair: 32-byte public key, 64-byte secret key in the ed25519-style form of wasm-crypto. */
export interface KeyPair {
  publicKey: Uint8Array
  secretKey: Uint8Array
}

/** The mini secret of a BIP39 phrase (Substrate's: of the entropy, not the BIP39 seed); undefined when it is not one. */
export function seedOfMnemonic(phrase: string): Uint8Array | undefined {
  const words = phrase.trim().split(/\s+/).join(' ')
  return mnemonicValidate(words) ? mnemonicToMiniSecret(words) : undefined
}

/** The pair of a 32-byte mini secret. */
export function pairFromSeed(seed: Uint8Array): KeyPair {
  return sr25519PairFromSeed(seed)
}

/** The ed25519 public key of the same mini secret: another account, of a kind that nothing here signs with. */
export function ed25519PublicKey(seed: Uint8Array): Uint8Array {
  return ed25519PairFromSeed(seed).publicKey
}

/**
 * The pair of a private key in schnorrkel's canonical form; undefined for bytes that are none.
 * @param canonical 64 bytes: little-endian scalar, then the nonce
 */
export function pairFromPrivateKey(canonical: Uint8Array): KeyPair | undefined {
  const scalar = bytesToNumberLE(canonical.subarray(0, 32))
  if (scalar === 0n || scalar >= ristretto255.Point.Fn.ORDER) return undefined
  return {
    publicKey: ristretto255.Point.BASE.multiply(scalar).toBytes(),
    secretKey: secretFromCanonical(canonical),
  }
}

/**
 * wasm-crypto's form of a secret key that is in schnorrkel's canonical form, which Bittensor files hold.
 * The two differ in the first 32 bytes: the ed25519-style scalar is the canonical one times the cofactor 8.
 * @param canonical 64 bytes: little-endian scalar, then the nonce
 */
export function secretFromCanonical(canonical: Uint8Array): Uint8Array {
  const secret = Uint8Array.from(canonical)
  let carry = 0
  for (let i = 0; i < 32; i++) {
    const byte = secret[i] ?? 0
    secret[i] = ((byte << 3) | carry) & 0xff
    carry = byte >> 5
  }
  return secret
}

/** The inverse of {@link secretFromCanonical}. */
export function canonicalFromSecret(secret: Uint8Array): Uint8Array {
  const canonical = Uint8Array.from(secret)
  let carry = 0
  for (let i = 31; i >= 0; i--) {
    const byte = canonical[i] ?? 0
    canonical[i] = (byte >> 3) | carry
    carry = (byte << 5) & 0xff
  }
  return canonical
}
