import type { Signer } from '../chain/wallet/signer.ts'
import { type Clock, systemClock } from '../process/clock.ts'
import { describeError, type StarlingError } from '../process/errors.ts'
import { type Log, silentLog } from '../process/logging.ts'
import { askSession } from './ask-session.ts'
import { GATE_PATH, type OnFrame, type TlsOptions } from './axon.ts'
import { CLOSE } from './close-codes.ts'
import { SESSION_LIMITS, type SessionLimits } from './limits.ts'
import { type Listener, startListener } from './listener.ts'
import type { NonceStore } from './nonce-store.ts'
import type { Session } from './session.ts'

export interface GateOptions {
  /** Address to listen on; callers default to loopback. */
  readonly ip: string
  /** 0 picks a free one. */
  readonly port: number
  readonly signer: Signer
  /** Serves wss with it in place of ws. */
  readonly tls?: TlsOptions
  /** Says why a hotkey may not connect, or undefined. Asked before its signature is checked, so it must be cheap. */
  readonly authorize: (hotkey: string) => StarlingError | undefined
  /** Gets every session that stands; a hotkey may have more than one. */
  readonly onSession: (session: Session) => void
  /** Where replays are remembered; in memory unless given. */
  readonly nonces?: NonceStore
  readonly onFrame?: OnFrame | undefined
  readonly clock?: Clock
  readonly limits?: Partial<SessionLimits>
  readonly log?: Log
}

/** A running gate. */
export type Gate = Listener

/**
 * Listens for miners that can't be dialled. Once a miner has dialled, the validator asks and the miner answers, as at an axon.
 * @throws StarlingError AXON_PORT_TAKEN, AXON_ADDRESS, AXON_CERTIFICATE
 */
export async function startGate(options: GateOptions): Promise<Gate> {
  const limits = { ...SESSION_LIMITS, ...options.limits }
  const clock = options.clock ?? systemClock
  const log = options.log ?? silentLog()
  const { ip, port, signer, authorize, tls, nonces } = options
  return startListener(
    { ip, port, path: GATE_PATH, signer, authorize, tls, nonces, clock, limits, log },
    (connection, hotkey) => {
      const late = setTimeout(() => connection.drop(CLOSE.noOffer), limits.handshakeMs)
      void connection.closed.then(({ code, reason }) => {
        clearTimeout(late)
        log.info({ hotkey, code, reason }, 'miner disconnected')
      })
      askSession(connection, hotkey, limits, options.onFrame)
        .then((session) => {
          clearTimeout(late)
          log.info({ hotkey }, 'miner connected')
          options.onSession(session)
        })
        .catch((error: unknown) => log.debug({ hotkey, error: describeError(error) }, 'no session'))
    },
  )
}
