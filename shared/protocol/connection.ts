import type { WebSocket } from 'ws'
import type { Clock } from '../process/clock.ts'
import { printable } from '../process/printable.ts'
import { CLOSE } from './close-codes.ts'
import { type Heartbeat, startHeartbeat } from './heartbeat.ts'
import type { SessionLimits } from './limits.ts'
import type { CloseReason } from './session.ts'

/** One open WebSocket, as both sides use it: binary frames in and out, and one way to end. */
export interface Connection {
  /** Queues a frame; a peer that reads too slowly loses the connection instead of growing our memory. */
  send(frame: Uint8Array): void
  /** Closes with a code and reason; nothing that arrives afterwards is looked at. */
  drop(why: CloseReason): void
  readonly heartbeat: Heartbeat
  /** True from the first `drop` or the peer's close on. */
  ended(): boolean
  readonly closed: Promise<CloseReason>
}

/** Options for `ws` that both sides share: every bound that the library has to keep for us. */
export function socketOptions(limits: SessionLimits) {
  return {
    maxPayload: limits.frameBytes,
    // Compression lets a small frame grow large, and hashes and signatures do not compress.
    perMessageDeflate: false,
    maxFragments: 64,
    maxBufferedChunks: 4096,
    maxPendingAutoPongs: 64,
    closeTimeout: limits.closeMs,
  } as const
}

/**
 * Takes over an open socket.
 * @param onFrame gets every binary message; what it throws drops the connection as MALFORMED_FRAME
 */
export function openConnection(
  socket: WebSocket,
  options: { readonly clock: Clock; readonly limits: SessionLimits },
  onFrame: (data: Uint8Array, connection: Connection) => void,
): Connection {
  const { limits } = options
  let ending: CloseReason | undefined

  const closed = new Promise<CloseReason>((resolve) => {
    socket.on('close', (code, reason) => {
      heartbeat.stop()
      ending ??= { code, reason: printable(reason.toString('utf8'), 123) }
      resolve(ending)
    })
  })

  function drop(why: CloseReason): void {
    if (ending !== undefined) return
    ending = why
    heartbeat.stop()
    socket.close(why.code, why.reason)
  }

  // A dead or deaf peer will not answer a close frame, and its queue should go at once.
  function cut(why: CloseReason): void {
    if (ending !== undefined) return
    ending = why
    heartbeat.stop()
    socket.terminate()
  }

  const heartbeat = startHeartbeat(socket, options.clock, limits, () => cut(CLOSE.idle))
  const connection: Connection = {
    send(frame) {
      if (ending !== undefined) return
      if (socket.bufferedAmount + frame.length > limits.bufferedBytes) cut(CLOSE.slowReader)
      else socket.send(frame)
    },
    drop,
    heartbeat,
    ended: () => ending !== undefined,
    closed,
  }

  // `ws` closes by itself after a protocol error; an error event without a listener would end the process.
  socket.on('error', (error) => {
    const oversized = (error as NodeJS.ErrnoException).code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
    ending ??= oversized ? CLOSE.oversizedFrame : { code: 1006, reason: printable(error.message, 123) }
    heartbeat.stop()
  })
  socket.on('message', (data, isBinary) => {
    if (ending !== undefined) return
    if (!isBinary || !(data instanceof Uint8Array)) return drop(CLOSE.malformedFrame)
    try {
      onFrame(data, connection)
    } catch {
      drop(CLOSE.malformedFrame)
    }
  })
  return connection
}
