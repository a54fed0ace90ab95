import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createWatchdog, silenceLimit } from '../../../../shared/chain/substrate/watchdog.ts'

const LIMITS = { floorMs: 30_000, ceilingMs: 300_000 }
const clock = { now: () => Date.now(), monotonic: () => performance.now() }

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('how long a silence is too long', () => {
  it('is three usual block times, within the limits', () => {
    expect(silenceLimit([], LIMITS)).toBe(30_000)
    expect(silenceLimit([2_000, 2_000], LIMITS)).toBe(30_000)
    expect(silenceLimit([12_000, 12_500, 90_000], LIMITS)).toBe(37_500)
    expect(silenceLimit([600_000], LIMITS)).toBe(300_000)
  })
})

describe('the watchdog', () => {
  it('is quiet while blocks come, and barks once when they stop', () => {
    const bark = vi.fn()
    const dog = createWatchdog(LIMITS, clock, bark)
    dog.start()
    for (let i = 0; i < 20; i++) {
      vi.advanceTimersByTime(12_000)
      dog.beat()
    }
    vi.advanceTimersByTime(35_999)
    expect(bark).not.toHaveBeenCalled()
    vi.advanceTimersByTime(10 * 36_000)
    expect(bark).toHaveBeenCalledTimes(1)
  })

  it('has more patience after every bark without a block, up to the ceiling, and less again after one', () => {
    const bark = vi.fn()
    const dog = createWatchdog(LIMITS, clock, bark)
    const patience = () => {
      const barked = bark.mock.calls.length
      const from = performance.now()
      dog.start()
      for (let s = 0; s < 1_000 && bark.mock.calls.length === barked; s++) vi.advanceTimersByTime(1_000)
      return performance.now() - from
    }
    const first = Array.from({ length: 6 }, patience)
    expect(first.map(Math.round)).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000])
    dog.start()
    dog.beat()
    expect(Math.round(patience())).toBe(30_000)
  })

  it('does not take the gap over a lost connection for the chain’s pace', () => {
    const bark = vi.fn()
    const dog = createWatchdog(LIMITS, clock, bark)
    dog.start()
    dog.beat()
    dog.stop()
    vi.advanceTimersByTime(3_600_000)
    expect(bark).not.toHaveBeenCalled()
    dog.start()
    dog.beat()
    vi.advanceTimersByTime(30_000)
    expect(bark).toHaveBeenCalledTimes(1)
  })
})
