import { createCipheriv, createDecipheriv } from 'node:crypto'
import { StarlingError } from '../process/errors.ts'

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Bytes before each frame: its length. */
export const FRAME_HEAD_BYTES = 4

/** Bytes of a record beside those of a single frame. */
export const RECORD_OVERHEAD = FRAME_HEAD_BYTES + TAG_BYTES

/**
 * Frames of one record at most: four times what may be under way, so that nobody needs more. A record is read in one go, and keeps all
 * others waiting meanwhile.
 */
export const RECORD_FRAMES = 256

/** Both directions of one connection. The n-th record that one side seals is the n-th that the other opens, or none opens. */
export interface Records {
  /** One record of these frames. */
  seal(frames: readonly Uint8Array[]): Uint8Array
  /**
   * What the next record of the other side holds; see `framesOf`.
   * @throws StarlingError BAD_RECORD, on a record that was changed, repeated, left out, or sealed by anybody else
   */
  open(record: Uint8Array): Uint8Array
}

/**
 * AES-256-GCM with a key for each direction. The nonce is four zero bytes and the number of the record, counted from 0, u64
 * little-endian; nothing else is authenticated, as the keys belong to this connection alone.
 */
export function createRecords(keys: { readonly sealing: Uint8Array; readonly opening: Uint8Array }): Records {
  const sealed = createCounter()
  const opened = createCounter()
  return {
    seal(frames) {
      const cipher = createCipheriv(CIPHER, keys.sealing, sealed.next())
      const body = cipher.update(joinFrames(frames))
      cipher.final()
      return Buffer.concat([body, cipher.getAuthTag()], body.length + TAG_BYTES)
    },
    open(record) {
      const end = record.length - TAG_BYTES
      if (end < 0) throw badRecord()
      const decipher = createDecipheriv(CIPHER, keys.opening, opened.next(), { authTagLength: TAG_BYTES })
      decipher.setAuthTag(record.subarray(end))
      const plain = decipher.update(record.subarray(0, end))
      try {
        decipher.final()
      } catch {
        throw badRecord()
      }
      return plain
    },
  }
}

/**
 * The frames in an opened record, one by one.
 * @throws StarlingError MALFORMED_FRAME, where lengths do not add up, or at the frame that is one too many
 */
export function* framesOf(plain: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength)
  let at = 0
  let count = 0
  do {
    if (count++ === RECORD_FRAMES || at + FRAME_HEAD_BYTES > plain.length) throw malformed()
    const start = at + FRAME_HEAD_BYTES
    at = start + view.getUint32(at, true)
    if (at > plain.length) throw malformed()
    yield plain.subarray(start, at)
  } while (at < plain.length)
}

/** Where frames are joined: a cipher has read them before the next record begins. */
const SCRATCH = Buffer.allocUnsafeSlow(64 * 1024)

function joinFrames(frames: readonly Uint8Array[]): Buffer {
  const length = frames.reduce((sum, frame) => sum + FRAME_HEAD_BYTES + frame.length, 0)
  const plain = length <= SCRATCH.length ? SCRATCH.subarray(0, length) : Buffer.allocUnsafe(length)
  let at = 0
  for (const frame of frames) {
    at = plain.writeUInt32LE(frame.length, at)
    plain.set(frame, at)
    at += frame.length
  }
  return plain
}

/** Nonces 0, 1, 2, …; one buffer serves, as a cipher copies it. */
function createCounter() {
  const nonce = Buffer.alloc(NONCE_BYTES)
  let count = 0
  return {
    next(): Uint8Array {
      nonce.writeUInt32LE(count % 2 ** 32, 4)
      nonce.writeUInt32LE(Math.floor(count / 2 ** 32), 8)
      count++
      return nonce
    },
  }
}

function badRecord(): StarlingError {
  return new StarlingError('BAD_RECORD', 'a record does not open')
}

function malformed(): StarlingError {
  return new StarlingError(
    'MALFORMED_FRAME',
    'malformed record: too many frames, or lengths that do not add up',
  )
}
