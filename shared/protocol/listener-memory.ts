import { MESSAGE_LIMITS, type SessionLimits } from './limits.ts'

/** What Node keeps for a socket beside our queues: read buffer, parser, listeners, keys. An idle session has 31 KiB of heap. */
const SOCKET_BYTES = 128 * 1024

/** A request's frame, and its text once more, at two bytes a character: 0.88 MiB of requests were measured to hold 0.9 to 1.8 MiB. */
const DECODED = 3

/** A frame that comes in: its pieces, the whole of them, and what was opened of it. */
const ARRIVING = 3

/**
 * Bytes that one authenticated peer can make a listener hold, whatever it sends and however little it reads: what waits for it, the
 * requests that are under way for it, a frame that is coming in. What a handler keeps of its own (answers that wait for their reveal) comes on
 * top, and is bounded by what the miner computes.
 */
export function worstSessionBytes(limits: SessionLimits): number {
  const { bufferedBytes, requestBytes, frameBytes } = limits
  return bufferedBytes + DECODED * requestBytes + ARRIVING * frameBytes + SOCKET_BYTES
}

/** The same of a listener whose peers are all hostile, and whose other sockets all hang in their handshakes. */
export function worstListenerBytes(limits: SessionLimits): number {
  const { sockets, connections, headerBytes } = limits
  const strangers = Math.max(0, sockets - connections)
  return connections * worstSessionBytes(limits) + strangers * (headerBytes + SOCKET_BYTES)
}

/** The same of a validator that dialled so many miners: they make it hold no requests, only frames of replies. */
export function worstAskerBytes(limits: SessionLimits, miners: number): number {
  const frames = ARRIVING * Math.min(limits.frameBytes, MESSAGE_LIMITS.frameBytes)
  return miners * (limits.bufferedBytes + frames + SOCKET_BYTES)
}
