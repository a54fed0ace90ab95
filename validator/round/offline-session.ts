import { StarlingError } from '../../shared/process/errors.ts'
import type { Session } from '../../shared/protocol/session.ts'

/** Stands for a miner that is not connected: every request fails at once. */
export function offlineSession(hotkey: string): Session {
  return {
    hotkey,
    models: [],
    request: () => Promise.reject(new StarlingError('OFFLINE', 'the miner is not connected')),
    pingMs: () => 0,
    closed: Promise.resolve({ code: 1006, reason: 'not connected' }),
    close: () => {},
  }
}
