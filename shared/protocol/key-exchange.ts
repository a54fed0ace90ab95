import {
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import { StarlingError } from '../process/errors.ts'
import { createRecords, type Records } from './records.ts'

const TAG = new TextEncoder().encode('starling/records/v1')
const AES_KEY_BYTES = 32

/** An X25519 pair that serves one connection. */
export interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

/** What both sides signed, which the keys of a connection are bound to. */
export interface Transcript {
  /** The signed bytes of the upgrade. */
  readonly upgrade: Uint8Array
  /** What the listener's hello signs (32 bytes); see `helloMessage`. */
  readonly hello: Uint8Array
}

/** One side's half of a key agreement. */
export interface KeyExchange {
  /** 32 bytes, for the other side. */
  readonly publicKey: Uint8Array
  /**
   * The records of the connection, once the other side's key is known.
   * @throws StarlingError BAD_KEY, on a key that leads every partner to the same secret
   */
  records(theirKey: Uint8Array, transcript: Transcript, side: 'dialler' | 'listener'): Records
}

/** @param pair made for this connection and forgotten with it; given by tests alone */
export function createKeyExchange(pair: KeyPair = generateKeyPairSync('x25519')): KeyExchange {
  return {
    publicKey: rawKey(pair.publicKey),
    records(theirKey, { upgrade, hello }, side) {
      const shared = agree(pair.privateKey, theirKey)
      const salt = createHash('sha256').update(upgrade).digest()
      const bytes = Buffer.from(
        hkdfSync('sha256', shared, salt, Buffer.concat([TAG, hello]), 2 * AES_KEY_BYTES),
      )
      const dialler = bytes.subarray(0, AES_KEY_BYTES)
      const listener = bytes.subarray(AES_KEY_BYTES)
      return side === 'dialler'
        ? createRecords({ sealing: dialler, opening: listener })
        : createRecords({ sealing: listener, opening: dialler })
    },
  }
}

function agree(privateKey: KeyObject, theirKey: Uint8Array): Buffer {
  const x = Buffer.from(theirKey).toString('base64url')
  try {
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' })
    // OpenSSL refuses the points of small order, whose secret would be zero.
    return diffieHellman({ privateKey, publicKey })
  } catch (cause) {
    throw new StarlingError('BAD_KEY', 'the other side sent a key that agrees on nothing', undefined, {
      cause,
    })
  }
}

function rawKey(publicKey: KeyObject): Uint8Array {
  return Uint8Array.from(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'))
}
