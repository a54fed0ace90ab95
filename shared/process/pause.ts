import { setTimeout } from 'node:timers/promises'

/** Waits so many milliseconds, or until the signal aborts; never throws. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => {})
}
