import type { Signer } from '../chain/wallet/signer.ts'
import type { Clock } from '../process/clock.ts'
import type { StarlingError } from '../process/errors.ts'
import type { Log } from '../process/logging.ts'
import type { SessionLimits } from './limits.ts'
import type { Message, ModelOffer, Reply, Request } from './messages.ts'
import type { NonceStore } from './nonce-store.ts'

/** Path at which a miner serves validators; the number is the protocol's version. */
export const AXON_PATH = '/starling/6'

/** Path at which a validator takes in miners that can't be dialled. Another one, so that no upgrade fits both. */
export const GATE_PATH = `${AXON_PATH}/gate`

/** What `node:https` serves with. Any certificate does: hotkeys say who is who. */
export interface TlsOptions {
  /** PEM. */
  readonly cert: string | Buffer
  /** PEM, of the certificate's private key. */
  readonly key: string | Buffer
}

/** Told of every frame: which way, the type of its message, its bytes before it is sealed. Must be quick, and must not throw. */
export type OnFrame = (direction: 'in' | 'out', type: Message['type'], bytes: number) => void

/** What a handler knows about a request beside its bytes. */
export interface RequestContext {
  /** ss58 address of the validator that asks; proved at the upgrade. */
  readonly peer: string
  /** Aborts when nobody is left to take the reply. */
  readonly signal: AbortSignal
}

export interface AxonOptions {
  /** Address to listen on; callers default to loopback. */
  readonly ip: string
  /** 0 picks a free one. */
  readonly port: number
  readonly signer: Signer
  readonly models: readonly ModelOffer[]
  /**
   * Says why a hotkey may not talk to this miner (registration, permit, stake), or undefined. Asked before its signature
   * is checked, and again at every request, so it must be cheap: a look-up in the metagraph at hand.
   */
  readonly authorize: (hotkey: string) => StarlingError | undefined
  /**
   * Answers a request. What it throws becomes a refusal: the code and message of a StarlingError travel, anything else
   * shows as INTERNAL. A reply that does not belong to the request is INTERNAL as well.
   */
  readonly handle: (request: Request, context: RequestContext) => Promise<Reply>
  /** Serves wss with it in place of ws. */
  readonly tls?: TlsOptions
  /** Where replays are remembered; in memory unless given. */
  readonly nonces?: NonceStore
  readonly onFrame?: OnFrame | undefined
  readonly clock?: Clock
  readonly limits?: Partial<SessionLimits>
  readonly log?: Log
}

/** A running axon. */
export interface Axon {
  readonly ip: string
  readonly port: number
  /** Authenticated connections now. */
  connections(): number
  /** Stops listening, closes every connection and resolves when the port is free. */
  close(): Promise<void>
}

export interface ConnectOptions {
  readonly ip: string
  readonly port: number
  /** Dials wss. Certificates are not checked: the hotkey is. */
  readonly tls?: boolean
  readonly signer: Signer
  /** ss58 address that must answer. */
  readonly hotkey: string
  /** Aborting ends the connection, before and after it stands. */
  readonly signal?: AbortSignal
  readonly onFrame?: OnFrame | undefined
  readonly clock?: Clock
  readonly limits?: Partial<SessionLimits>
  readonly log?: Log
}
