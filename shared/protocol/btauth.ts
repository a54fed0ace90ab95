import { createHash } from 'node:crypto'
import { publicKeyOf, type Signer, verifySignature } from '../chain/wallet/signer.ts'
import { StarlingError } from '../process/errors.ts'

/**
 * btauth/1: requests signed by a hotkey.
 * https://github.com/RaoFoundation/subtensor/blob/main/docs/guides/signed-requests.mdx
 */
export interface SignedRequest {
  /** Line 2 of what is signed. Starling signs and accepts sr25519 alone. */
  readonly scheme: string
  /** Upper case. */
  readonly method: string
  /** Path and query exactly as sent, percent-encoded. */
  readonly target: string
  /** Raw bytes; empty for a WebSocket upgrade. */
  readonly body: Uint8Array
  /** Unix time in nanoseconds, decimal; beyond 2^53, so it never is a number. */
  readonly nonce: string
  /** ss58 address. */
  readonly sender: string
  /** ss58 address. */
  readonly receiver: string
}

/** The exact bytes that are signed: eight lines, no newline at the end. */
export function signedBytes(request: SignedRequest): Uint8Array {
  const bodyHash = createHash('sha256').update(request.body).digest('hex')
  const { scheme, method, target, nonce, sender, receiver } = request
  const lines = ['btauth/1', scheme, method, target, bodyHash, nonce, sender, receiver]
  return new TextEncoder().encode(lines.join('\n'))
}

/** Headers by lower-case name, as node:http gives them. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>

/** What a caller claims, read from its headers; nothing of it is proved yet. */
export interface Claim {
  readonly sender: string
  readonly receiver: string
  readonly nonce: string
  readonly signature: Uint8Array
}

/** The five headers of a request signed by `signer`. */
export function authHeaders(
  signer: Signer,
  payload: Uint8Array,
  request: SignedRequest,
): Record<string, string> {
  return {
    'X-Bittensor-Version': '1',
    'X-Bittensor-Hotkey': request.sender,
    'X-Bittensor-Receiver': request.receiver,
    'X-Bittensor-Nonce': request.nonce,
    'X-Bittensor-Signature': `0x${Buffer.from(signer.sign(payload)).toString('hex')}`,
  }
}

/**
 * Step 1, shape. Requests without a receiver or with another scheme are refused: a hotkey's scheme is sr25519 here, and
 * never what the caller says.
 * @throws StarlingError AUTH_MALFORMED
 */
export function readClaim(headers: Headers): Claim {
  if (headers['x-bittensor-version'] !== '1') throw malformed('version is not 1')
  if (headers['x-bittensor-crypto'] !== undefined) throw malformed('scheme is not sr25519')
  const sender = headers['x-bittensor-hotkey']
  const receiver = headers['x-bittensor-receiver']
  const nonce = headers['x-bittensor-nonce']
  const signature = headers['x-bittensor-signature']
  if (typeof sender !== 'string' || publicKeyOf(sender) === undefined)
    throw malformed('hotkey is not an address')
  if (typeof receiver !== 'string') throw malformed('receiver is missing')
  if (typeof nonce !== 'string' || !/^[1-9]\d{0,19}$/.test(nonce)) throw malformed('nonce is not a decimal')
  if (typeof signature !== 'string' || !/^0x[0-9a-f]{128}$/.test(signature)) {
    throw malformed('signature is not 64 bytes of hex')
  }
  return { sender, receiver, nonce, signature: Uint8Array.from(Buffer.from(signature.slice(2), 'hex')) }
}

/**
 * Steps 2 and 3, receiver and freshness.
 * @param now milliseconds since 1970
 * @throws StarlingError AUTH_WRONG_RECEIVER, AUTH_STALE
 */
export function checkClaim(
  claim: Claim,
  self: string,
  now: number,
  window: { readonly maxAgeMs: number; readonly maxSkewMs: number },
): void {
  if (claim.receiver !== self) throw new StarlingError('AUTH_WRONG_RECEIVER', `this is ${self}`)
  const nonce = BigInt(claim.nonce)
  const oldest = BigInt(Math.floor(now - window.maxAgeMs)) * NS_PER_MS
  const newest = BigInt(Math.ceil(now + window.maxSkewMs)) * NS_PER_MS
  if (nonce < oldest) {
    throw new StarlingError(
      'AUTH_STALE',
      'the signature is too old',
      'sign anew for every attempt; check the clock',
    )
  }
  if (nonce > newest) {
    throw new StarlingError('AUTH_STALE', 'the signature lies in the future', 'check the clock')
  }
}

/** Step 4, the signature, over the request as it was received. @throws StarlingError AUTH_BAD_SIGNATURE */
export function checkSignature(claim: Claim, payload: Uint8Array): void {
  if (!verifySignature(payload, claim.signature, claim.sender)) {
    throw new StarlingError('AUTH_BAD_SIGNATURE', `not signed by ${claim.sender}`)
  }
}

/** A nonce for a request signed now; no two of one process are equal within a millisecond. */
export function nextNonce(now: number): string {
  drawn = (drawn + 1n) % NS_PER_MS
  return (BigInt(Math.floor(now)) * NS_PER_MS + drawn).toString()
}

const NS_PER_MS = 1_000_000n
let drawn = 0n

function malformed(what: string): StarlingError {
  return new StarlingError('AUTH_MALFORMED', `btauth/1 headers: ${what}`)
}
