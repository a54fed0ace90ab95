import type { Clock } from '../process/clock.ts'
import type { SessionLimits } from './limits.ts'
import { createRateLimit } from './rate-limit.ts'

/** Counts the requests of each hotkey, over all of its connections. */
export interface RequestMeter {
  /** What is to become of one more request; called once for each. */
  judge(hotkey: string): 'serve' | 'refuse' | 'drop'
}

/** An asker that is too fast by mistake hears of it; one that goes on at twice the pace is dropped, before it costs a decoding. */
export function createRequestMeter(
  { requestsPerMinute, connections }: Pick<SessionLimits, 'requestsPerMinute' | 'connections'>,
  clock: Clock,
): RequestMeter {
  const polite = createRateLimit({ perMinute: requestsPerMinute, keys: connections })
  const patient = createRateLimit({ perMinute: 2 * requestsPerMinute, keys: connections })
  return {
    judge(hotkey) {
      const now = clock.monotonic()
      if (!patient.allow(hotkey, now)) return 'drop'
      return polite.allow(hotkey, now) ? 'serve' : 'refuse'
    },
  }
}
