import { systemClock } from '../process/clock.ts'
import { silentLog } from '../process/logging.ts'
import { AXON_PATH, type Axon, type AxonOptions } from './axon.ts'
import { SESSION_LIMITS } from './limits.ts'
import { startListener } from './listener.ts'
import { createRequestMeter } from './request-meter.ts'
import { serveSession } from './serve-session.ts'

/**
 * Listens for validators and answers their requests.
 * @throws StarlingError AXON_PORT_TAKEN, AXON_ADDRESS (an address this machine does not have, a port it may not use),
 *   AXON_CERTIFICATE
 */
export async function startAxon(options: AxonOptions): Promise<Axon> {
  const limits = { ...SESSION_LIMITS, ...options.limits }
  const clock = options.clock ?? systemClock
  const log = options.log ?? silentLog()
  const { ip, port, signer, models, authorize, handle, tls, nonces, onFrame } = options
  const meter = createRequestMeter(limits, clock)
  return startListener(
    { ip, port, path: AXON_PATH, signer, authorize, tls, nonces, clock, limits, log },
    (connection, hotkey) =>
      serveSession(connection, hotkey, { models, authorize, handle, limits, meter, onFrame, log }),
  )
}
