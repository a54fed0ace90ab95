import type { ModelOffer, ReplyFor, RequestOf, RequestType } from './messages.ts'

export interface RequestOptions {
  /** Milliseconds until the request rejects with TIMEOUT. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

/** Why a connection ended: a WebSocket close code and the peer's or our own reason. */
export interface CloseReason {
  readonly code: number
  readonly reason: string
}

/** A validator's open connection to one miner, which has proved that it holds `hotkey`. */
export interface Session {
  /** ss58 address of the miner. */
  readonly hotkey: string
  /** What the miner offered when the session opened. */
  readonly models: readonly ModelOffer[]
  /**
   * Sends a request and resolves with the reply that belongs to its type.
   * @throws StarlingError REFUSED (a `RefusedError`, with the miner's own code in `refusal`), TIMEOUT, CLOSED, ABORTED,
   *   QUEUE_FULL (too many requests under way), INVALID_MESSAGE or FRAME_TOO_LARGE (our own mistake, nothing was sent)
   */
  request<K extends RequestType>(
    message: RequestOf<K> & { readonly type: K },
    options: RequestOptions,
  ): Promise<ReplyFor<K>>
  /** Median round trip of the last pings in milliseconds; the handshake's own ping counts, so it is never missing. */
  pingMs(): number
  /** Resolves, and never rejects, when the connection has ended for whatever reason. */
  readonly closed: Promise<CloseReason>
  /** Closes the connection; requests under way reject with CLOSED. */
  close(): void
}
