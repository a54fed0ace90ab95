import { decodeAddress, encodeAddress } from '@polkadot/util-crypto'
// Not util-crypto's functions of these names: they are pure JavaScript, and verify eight times slower.
import { sr25519Sign, sr25519Verify, waitReady } from '@polkadot/wasm-crypto'

await waitReady()

/** The ss58 prefix of Substrate's generic addresses, which Subtensor and Starling use. */
export const SS58_PREFIX = 42

/** Length of an sr25519 signature in bytes. */
export const SIGNATURE_BYTES = 64

/** A key that can sign, with its secret kept inside: nothing of it shows in logs or JSON except the address. */
export interface Signer {
  /** ss58 address with prefix 42. */
  readonly address: string
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** Signs the exact bytes with sr25519 (context "substrate"); 64 bytes, different on every call. */
  sign(message: Uint8Array): Uint8Array
}

/**
 * A signer over an expanded sr25519 pair.
 * @param publicKey 32 bytes
 * @param secretKey 64 bytes in the ed25519-style form that wasm-crypto expects (not schnorrkel's canonical form)
 */
export function signerFromPair(publicKey: Uint8Array, secretKey: Uint8Array): Signer {
  const pair = { publicKey: Uint8Array.from(publicKey), secretKey: Uint8Array.from(secretKey) }
  return Object.freeze({
    address: encodeAddress(pair.publicKey, SS58_PREFIX),
    publicKey: Uint8Array.from(pair.publicKey),
    sign: (message: Uint8Array) => sr25519Sign(pair.publicKey, pair.secretKey, message),
  })
}

/**
 * True when `signature` is a 64-byte sr25519 signature by `address` over exactly these bytes.
 * Never throws. Unlike polkadot-js' `signatureVerify` it does not accept a message wrapped in `<Bytes>`,
 * other curves, a type-prefixed signature or an empty one.
 */
export function verifySignature(message: Uint8Array, signature: Uint8Array, address: string): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false
  const publicKey = publicKeyOf(address)
  if (publicKey === undefined) return false
  try {
    return sr25519Verify(signature, message, publicKey)
  } catch {
    return false
  }
}

/** The 32-byte public key of an ss58 address with prefix 42, or undefined when the text is not exactly one. */
export function publicKeyOf(address: string): Uint8Array | undefined {
  try {
    const publicKey = decodeAddress(address, false, SS58_PREFIX)
    return publicKey.length === 32 && encodeAddress(publicKey, SS58_PREFIX) === address
      ? publicKey
      : undefined
  } catch {
    return undefined
  }
}
