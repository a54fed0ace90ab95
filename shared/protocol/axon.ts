import type { Signer } from '../chain/wallet/signer.ts'
import type { Clock } from '../process/clock.ts'
import type { StarlingError } from '../process/errors.ts'
import type { Log } from '../process/logging.ts'
import type { SessionLimits } from './limits.ts'
import type { ModelOffer, Reply, Request } from './messages.ts'

/** The request target that a validator dials and signs; the number is the protocol's version. */
export const AXON_PATH = '/starling/5'

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
  readonly signer: Signer
  /** ss58 address that must answer. */
  readonly hotkey: string
  /** Aborting ends the connection, before and after it stands. */
  readonly signal?: AbortSignal
  readonly clock?: Clock
  readonly limits?: Partial<SessionLimits>
  readonly log?: Log
}
