import { decodeAddress, encodeAddress } from '@polkadot/util-crypto'
// Not util-crypto's functions of these names: they are pure JavaScript, and verify eight times slower.
import { sr25519Sign, sr25519Verify, vrfSign, vrfVerify, waitReady } from '@polkadot/wasm-crypto'

await waitReady()

/** The ss58 prefix of Substrate's generic addresses, which Subtensor and Starling use. */
export const SS58_PREFIX = 42

/** Length of an sr25519 signature in bytes. */
export const SIGNATURE_BYTES = 64

/** What a key's verifiable random function makes of a message: no choice of the key's owner, no chance. */
export interface VrfResult {
  /** 32 bytes, always the same for one key and message, and unknown to everybody else before they are shown. */
  readonly output: Uint8Array
  /** 64 bytes that show that the key made the output. */
  readonly proof: Uint8Array
}

const VRF_CONTEXT = new TextEncoder().encode('starling/vrf/v1')
const VRF_OUTPUT_BYTES = 32
const VRF_PROOF_BYTES = 64
const NOTHING = new Uint8Array(0)

/** A key that can sign, with its secret kept inside: nothing of it shows in logs or JSON except the address. */
export interface Signer {
  /** ss58 address with prefix 42. */
  readonly address: string
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** Signs the exact bytes with sr25519 (context "substrate"); 64 bytes, different on every call. */
  sign(message: Uint8Array): Uint8Array
  /** schnorrkel's VRF over the exact bytes (context "starling/vrf/v1"). */
  vrf(message: Uint8Array): VrfResult
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
    vrf(message: Uint8Array) {
      const both = vrfSign(pair.secretKey, VRF_CONTEXT, message, NOTHING)
      return { output: both.slice(0, VRF_OUTPUT_BYTES), proof: both.slice(VRF_OUTPUT_BYTES) }
    },
  })
}

/**
 * True when `signature` is a 64-byte sr25519 signature by `address` over exactly these bytes.
 * Never throws. Unlike polkadot-js' `signatureVerify` it does not accept a message wrapped in `<Bytes>`,
 * other curves, a type-prefixed signature or an empty one, nor any by the key of zeros.
 */
export function verifySignature(message: Uint8Array, signature: Uint8Array, address: string): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false
  const publicKey = publicKeyOf(address)
  if (publicKey === undefined || isNobodys(publicKey)) return false
  try {
    return sr25519Verify(signature, message, publicKey)
  } catch {
    return false
  }
}

/** True when the VRF of `address` gives this output for exactly these bytes. Never throws. */
export function verifyVrf(message: Uint8Array, { output, proof }: VrfResult, address: string): boolean {
  if (output.length !== VRF_OUTPUT_BYTES || proof.length !== VRF_PROOF_BYTES) return false
  const publicKey = publicKeyOf(address)
  if (publicKey === undefined || isNobodys(publicKey)) return false
  try {
    return vrfVerify(publicKey, VRF_CONTEXT, message, NOTHING, Buffer.concat([output, proof]))
  } catch {
    return false
  }
}

/** The key of zeros, ristretto's only one of small order: anybody can sign under it, and an account of it stands on most chains. */
function isNobodys(publicKey: Uint8Array): boolean {
  return publicKey.every((byte) => byte === 0)
}

/** The ss58 address, prefix 42, of a public key of 32 bytes. */
export function addressOf(publicKey: Uint8Array): string {
  return encodeAddress(publicKey, SS58_PREFIX)
}

/** Addresses whose keys are kept: more than a subnet has. */
const KEPT_KEYS = 4096
const keptKeys = new Map<string, Uint8Array>()

/**
 * The 32-byte public key of an ss58 address with prefix 42, or undefined when the text is not exactly one. Kept, as decoding takes a
 * tenth of the time of a signature's check, and each miner signs many times a round.
 */
export function publicKeyOf(address: string): Uint8Array | undefined {
  const kept = keptKeys.get(address) ?? decodeKey(address)
  if (kept === undefined) return undefined
  if (keptKeys.size >= KEPT_KEYS) keptKeys.clear()
  keptKeys.set(address, kept)
  return kept.slice()
}

function decodeKey(address: string): Uint8Array | undefined {
  try {
    const publicKey = decodeAddress(address, false, SS58_PREFIX)
    return publicKey.length === 32 && encodeAddress(publicKey, SS58_PREFIX) === address
      ? publicKey
      : undefined
  } catch {
    return undefined
  }
}
