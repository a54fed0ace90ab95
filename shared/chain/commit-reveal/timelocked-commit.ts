import { gcm } from '@noble/ciphers/aes.js'
import { StarlingError } from '../../process/errors.ts'
import { concatBytes, littleEndian, type ScaleReader, scaleReader } from '../devnet/runtime/scale.ts'
import { roundPoint, signaturePoint } from './drand.ts'
import { type LockedKey, lockKey, unlockKey } from './identity-encryption.ts'
import { decodePayload, encodePayload, type TimelockPayload } from './payload.ts'
import { invalid } from './weight-fields.ts'

/** The chain's bound on a commit: `MAX_CRV3_COMMIT_SIZE_BYTES`. */
export const MAX_COMMIT_BYTES = 5_000

const KEY_BYTES = 32
const NONCE_BYTES = 12
const POINT_BYTES = 96
const CIPHER_NAME = new TextEncoder().encode('AES_GCM_')

export interface TimelockedCommitArgs extends TimelockPayload {
  /** drand quicknet round that opens the commit. */
  revealRound: number
  /** That many cryptographically random bytes. */
  random: (bytes: number) => Uint8Array
}

/**
 * Weights that nobody can read before drand's `revealRound` is out, in the bytes that `commit_timelocked_weights` takes
 * with version 4: a fresh AES-256-GCM key encrypts the SCALE payload, and {@link lockKey} locks that key to the round.
 * The bytes are arkworks' compressed serialization: lengths are little-endian u64.
 *
 * Throws `COMMIT_INVALID` for fields that do not fit, and when the result is longer than {@link MAX_COMMIT_BYTES}.
 */
export function timelockedCommit({ revealRound, random, ...payload }: TimelockedCommitArgs): Uint8Array {
  const plain = encodePayload(payload)
  const identity = roundPoint(revealRound)
  const draw = (length: number): Uint8Array => {
    const bytes = random(length)
    if (bytes.length !== length) throw invalid(`the random source gave ${bytes.length} of ${length} bytes`)
    return bytes
  }
  const [key, sigma, nonce] = [draw(KEY_BYTES), draw(KEY_BYTES), draw(NONCE_BYTES)]
  const { u, v, w } = lockKey(key, sigma, identity)
  const body = concatBytes(sized(gcm(key, nonce).encrypt(plain)), sized(nonce))
  const commit = concatBytes(u, sized(v), sized(w), sized(body), sized(CIPHER_NAME))
  if (commit.length <= MAX_COMMIT_BYTES) return commit
  throw invalid(`a commit of ${commit.length} bytes, where the chain takes ${MAX_COMMIT_BYTES}`)
}

/**
 * What a commit hides, given the reveal round's signature (48 bytes). Throws
 *
 * - `TIMELOCK_MALFORMED` for bytes that are not a commit
 * - `TIMELOCK_SIGNATURE` for bytes that are no drand signature at all
 * - `TIMELOCK_SEALED`    when the signature is another round's, or the commit was changed
 * - `COMMIT_INVALID`     when it opens, and holds something else than weights
 */
export function openTimelockedCommit(commit: Uint8Array, signature: Uint8Array): TimelockPayload {
  const { locked, nonce, sealed } = readCommit(commit)
  const point = signaturePoint(signature)
  if (point === undefined) {
    const remedy = 'give the 48 bytes of a quicknet round'
    throw new StarlingError('TIMELOCK_SIGNATURE', 'the signature is no point of G1', remedy)
  }
  const key = unlockKey(locked, point)
  const plain = key === undefined ? undefined : decrypt(key, nonce, sealed)
  if (plain === undefined) {
    const message = 'the commit does not open: it was changed, or the signature is another round’s'
    throw new StarlingError('TIMELOCK_SEALED', message, 'take the signature of the commit’s reveal round')
  }
  return decodePayload(plain)
}

interface CommitParts {
  locked: LockedKey
  nonce: Uint8Array
  /** Ciphertext and tag. */
  sealed: Uint8Array
}

function readCommit(commit: Uint8Array): CommitParts {
  try {
    const reader = scaleReader(commit)
    const locked = { u: reader.take(POINT_BYTES), v: readSized(reader), w: readSized(reader) }
    const body = scaleReader(readSized(reader))
    const [sealed, nonce] = [readSized(body), readSized(body)]
    const name = readSized(reader)
    const surplus = reader.rest().length + body.rest().length
    const lengths = [locked.v.length, locked.w.length, nonce.length, surplus]
    if (lengths.join() !== [KEY_BYTES, KEY_BYTES, NONCE_BYTES, 0].join())
      throw new RangeError('wrong lengths')
    if (!Buffer.from(name).equals(CIPHER_NAME)) throw new RangeError('another cipher')
    return { locked, nonce, sealed }
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    const message = `these ${commit.length} bytes are not a timelocked commit (${cause.message})`
    throw new StarlingError('TIMELOCK_MALFORMED', message)
  }
}

function decrypt(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  try {
    return gcm(key, nonce).decrypt(sealed)
  } catch {
    return undefined
  }
}

function sized(bytes: Uint8Array): Uint8Array {
  return concatBytes(littleEndian(bytes.length, 8), bytes)
}

function readSized(reader: ScaleReader): Uint8Array {
  return reader.take(Number(reader.uint(8)))
}
