import { systemClock } from '../process/clock.ts'
import { silentLog } from '../process/logging.ts'
import { type AxonOptions, type ConnectOptions, GATE_PATH } from './axon.ts'
import { CLOSE } from './close-codes.ts'
import { dialSecured } from './dialler.ts'
import { SESSION_LIMITS } from './limits.ts'
import { createRequestMeter } from './request-meter.ts'
import { serveSession } from './serve-session.ts'
import type { CloseReason } from './session.ts'

/** `hotkey` is the validator's. */
export interface DialGateOptions
  extends ConnectOptions,
    Pick<AxonOptions, 'models' | 'authorize' | 'handle'> {}

/** A miner's open connection to one validator. */
export interface GateConnection {
  /** Resolves, and never rejects, when the connection has ended for whatever reason. */
  readonly closed: Promise<CloseReason>
  /** Tells the validator that this miner goes away. */
  close(): void
}

/**
 * Dials a validator's gate and answers what it asks, as an axon does. `authorize` is asked of the validator's hotkey before it is
 * dialled and at every request.
 * @throws StarlingError AXON_UNREACHABLE, UPGRADE_REFUSED, AXON_WRONG_HOTKEY, VERSION_MISMATCH, TIMEOUT, ABORTED, CLOSED, and what
 *   `authorize` objects
 */
export async function dialGate(options: DialGateOptions): Promise<GateConnection> {
  const limits = { ...SESSION_LIMITS, ...options.limits }
  const log = options.log ?? silentLog()
  const { hotkey, models, authorize, handle, onFrame } = options
  const objection = authorize(hotkey)
  if (objection !== undefined) throw objection
  const meter = createRequestMeter(limits, options.clock ?? systemClock)
  return dialSecured(
    { clock: systemClock, ...options, limits, path: GATE_PATH, bye: CLOSE.goingAway },
    async (connection) => {
      serveSession(connection, hotkey, { models, authorize, handle, limits, meter, onFrame, log })
      await connection.heartbeat.first
      return { closed: connection.closed, close: () => connection.drop(CLOSE.goingAway) }
    },
  )
}
