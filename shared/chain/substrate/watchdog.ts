import type { Clock } from '../../process/clock.ts'

/** How long a connection may bring no new block, in milliseconds. */
export interface SilenceLimits {
  /** Never given up earlier than this. */
  readonly floorMs: number
  /** Never waited for longer than this, unless the chain itself stands still. */
  readonly ceilingMs: number
}

export const SILENCE_LIMITS: SilenceLimits = { floorMs: 30_000, ceilingMs: 300_000 }

/** Block times that may pass without a block. */
const MISSED_BLOCKS = 3

/** Block intervals that the chain's own is learnt from. */
const REMEMBERED = 16

/** Milliseconds of silence that are too many: three times the median of the intervals seen, within the limits. */
export function silenceLimit(intervals: readonly number[], { floorMs, ceilingMs }: SilenceLimits): number {
  const sorted = [...intervals].sort((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0
  return Math.min(ceilingMs, Math.max(floorMs, MISSED_BLOCKS * median))
}

/** Notices that blocks stopped coming over a connection that still looks open. */
export interface Watchdog {
  /** A new block came. */
  beat(): void
  /** A connection begins; the clock starts anew, and what was learnt of the chain stays. */
  start(): void
  stop(): void
}

/**
 * Calls `bark` once when there was no beat for too long. Each bark without a beat after it doubles the patience, up to the
 * ceiling: where the chain itself stands still, another connection does not help.
 */
export function createWatchdog(limits: SilenceLimits, clock: Clock, bark: () => void): Watchdog {
  const intervals: number[] = []
  let timer: NodeJS.Timeout | undefined
  let last: number | undefined
  let barks = 0

  const wait = () => {
    clearTimeout(timer)
    const patience = Math.min(limits.ceilingMs, silenceLimit(intervals, limits) * 2 ** barks)
    timer = setTimeout(() => {
      barks++
      bark()
    }, patience)
  }
  return {
    beat() {
      const now = clock.monotonic()
      if (last !== undefined) intervals.push(now - last)
      if (intervals.length > REMEMBERED) intervals.shift()
      last = now
      barks = 0
      wait()
    },
    start() {
      // The gap over a lost connection says nothing of the chain's pace.
      last = undefined
      wait()
    },
    stop: () => clearTimeout(timer),
  }
}
