import { systemClock } from '../process/clock.ts'
import { silentLog } from '../process/logging.ts'
import { askSession } from './ask-session.ts'
import { AXON_PATH, type ConnectOptions } from './axon.ts'
import { CLOSE } from './close-codes.ts'
import { dialSecured } from './dialler.ts'
import { SESSION_LIMITS } from './limits.ts'
import type { Session } from './session.ts'

/**
 * Dials a miner and checks that it holds the hotkey that was dialled. One deadline (`handshakeMs`) covers all of it: the
 * socket, the upgrade, the miner's hello and offer, and the first ping.
 * @throws StarlingError AXON_UNREACHABLE, UPGRADE_REFUSED, AXON_WRONG_HOTKEY, VERSION_MISMATCH, TIMEOUT, ABORTED, CLOSED
 */
export async function connectAxon(options: ConnectOptions): Promise<Session> {
  const limits = { ...SESSION_LIMITS, ...options.limits }
  const log = options.log ?? silentLog()
  const { hotkey } = options
  const session = await dialSecured(
    { clock: systemClock, ...options, limits, path: AXON_PATH, bye: CLOSE.normal },
    (connection) => askSession(connection, hotkey, limits, options.onFrame),
  )
  log.info({ hotkey }, 'miner connected')
  void session.closed.then(({ code, reason }) => log.info({ hotkey, code, reason }, 'miner disconnected'))
  return session
}
