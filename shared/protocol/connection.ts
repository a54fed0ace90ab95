import type { WebSocket } from 'ws'
import type { Clock } from '../process/clock.ts'
import { hasCode, StarlingError } from '../process/errors.ts'
import { printable } from '../process/printable.ts'
import { CLOSE } from './close-codes.ts'
import { type Heartbeat, startHeartbeat } from './heartbeat.ts'
import type { SessionLimits } from './limits.ts'
import { createRateLimit } from './rate-limit.ts'
import { FRAME_HEAD_BYTES, framesOf, RECORD_FRAMES, RECORD_OVERHEAD, type Records } from './records.ts'
import type { CloseReason } from './session.ts'

/** One open WebSocket, as both sides use it: frames in and out, and one way to end. */
export interface Connection {
  /** Queues a frame; a peer that reads too slowly loses the connection instead of growing our memory. */
  send(frame: Uint8Array): void
  /** Says who gets every frame from now on; what it throws drops the connection as MALFORMED_FRAME. */
  receive(onFrame: (frame: Uint8Array) => void): void
  /** From now on frames travel in records, both ways. */
  secure(records: Records): void
  /** Sends what is queued and closes with a code and reason; nothing that arrives afterwards is looked at. */
  drop(why: CloseReason): void
  readonly heartbeat: Heartbeat
  /** True from the first `drop` or the peer's close on. */
  ended(): boolean
  readonly closed: Promise<CloseReason>
}

/** Bytes that share a record; a single frame may have more. A receiver should not wait for more before it sees the first frame. */
const RECORD_BYTES = 64 * 1024

/** Options for `ws` that both sides share: every bound that the library has to keep for us. */
export function socketOptions(limits: SessionLimits) {
  return {
    maxPayload: limits.frameBytes + RECORD_OVERHEAD,
    // Compression lets a small frame grow large, and records do not compress.
    perMessageDeflate: false,
    // One record a turn: what one peer sends at once must not keep the others waiting.
    allowSynchronousEvents: false,
    maxFragments: 64,
    maxBufferedChunks: 4096,
    maxPendingAutoPongs: 64,
    closeTimeout: limits.closeMs,
  } as const
}

/** Takes over an open socket, at first in the clear. */
export function openConnection(
  socket: WebSocket,
  options: { readonly clock: Clock; readonly limits: SessionLimits },
): Connection {
  const { clock, limits } = options
  const control = createRateLimit({ perMinute: limits.controlFramesPerMinute, keys: 1 })
  let records: Records | undefined
  let onFrame: (frame: Uint8Array) => void = () => {}
  let ending: CloseReason | undefined
  // Frames of one turn of the event loop travel in one record: sealing many at once costs little more than one.
  let queue: Uint8Array[] = []
  let queuedBytes = 0

  const closed = new Promise<CloseReason>((resolve) => {
    socket.on('close', (code, reason) => {
      end({ code, reason: printable(reason.toString('utf8'), 123) })
      resolve(ending!)
    })
  })

  /** True at the first reason to end, which is the one that counts. */
  function end(why: CloseReason): boolean {
    if (ending !== undefined) return false
    ending = why
    heartbeat.stop()
    queue = []
    queuedBytes = 0
    return true
  }

  function drop(why: CloseReason): void {
    flush()
    if (end(why)) socket.close(why.code, why.reason)
  }

  // A dead or deaf peer will not answer a close frame, and its queue should go at once.
  function cut(why: CloseReason): void {
    if (end(why)) socket.terminate()
  }

  function flush(): void {
    if (queue.length === 0 || records === undefined) return
    const frames = queue
    queue = []
    queuedBytes = 0
    socket.send(records.seal(frames))
  }

  function send(frame: Uint8Array): void {
    if (ending !== undefined) return
    const bytes = frame.length + FRAME_HEAD_BYTES
    if (socket.bufferedAmount + queuedBytes + bytes > limits.bufferedBytes) cut(CLOSE.slowReader)
    else if (records === undefined) socket.send(frame)
    else enqueue(frame, bytes)
  }

  function enqueue(frame: Uint8Array, bytes: number): void {
    if (queuedBytes + bytes > RECORD_BYTES || queue.length === RECORD_FRAMES) flush()
    queue.push(frame)
    queuedBytes += bytes
    if (queue.length === 1) setImmediate(flush)
  }

  function onMessage(data: unknown, isBinary: boolean): void {
    if (ending !== undefined) return
    try {
      if (!isBinary || !(data instanceof Uint8Array))
        throw new StarlingError('MALFORMED_FRAME', 'a text frame')
      const frames = records === undefined ? [data] : framesOf(records.open(data))
      for (const frame of frames) {
        onFrame(frame)
        if (ending !== undefined) return
      }
    } catch (error) {
      drop(hasCode(error, 'BAD_RECORD') ? CLOSE.badRecord : CLOSE.malformedFrame)
    }
  }

  function onControl(): void {
    if (!control.allow('', clock.monotonic())) cut(CLOSE.flood)
  }

  const heartbeat = startHeartbeat(socket, clock, limits, () => cut(CLOSE.idle))
  // `ws` closes by itself after a protocol error; an error event without a listener would end the process.
  socket.on('error', (error) => {
    const oversized = (error as NodeJS.ErrnoException).code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
    end(oversized ? CLOSE.oversizedFrame : { code: 1006, reason: printable(error.message, 123) })
  })
  socket.on('message', onMessage)
  socket.on('ping', onControl)
  socket.on('pong', onControl)

  return {
    send,
    receive(handler) {
      onFrame = handler
    },
    secure(agreed) {
      records = agreed
    },
    drop,
    heartbeat,
    ended: () => ending !== undefined,
    closed,
  }
}
