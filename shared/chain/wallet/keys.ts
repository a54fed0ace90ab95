import { mnemonicToMiniSecret, mnemonicValidate, sr25519PairFromSeed } from '@polkadot/util-crypto'

/** An expanded sr25519 pair: 32-byte public key, 64-byte secret key in the ed25519-style form of wasm-crypto. */
export interface KeyPair {
  publicKey: Uint8Array
  secretKey: Uint8Array
}

/** The pair of a BIP39 phrase (Substrate's derivation: entropy, not the BIP39 seed), or undefined when it is not one. */
export function pairFromMnemonic(phrase: string): KeyPair | undefined {
  const words = phrase.trim().split(/\s+/).join(' ')
  return mnemonicValidate(words) ? sr25519PairFromSeed(mnemonicToMiniSecret(words)) : undefined
}

/** The pair of a 32-byte mini secret. */
export function pairFromSeed(seed: Uint8Array): KeyPair {
  return sr25519PairFromSeed(seed)
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
