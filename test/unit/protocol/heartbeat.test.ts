import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { startHeartbeat } from '../../../shared/protocol/heartbeat.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A socket that records pings, and a clock that moves with the fake timers. */
function setUp() {
  const pings: string[] = []
  const socket = Object.assign(new EventEmitter(), { ping: (data: string) => pings.push(data) })
  const clock = { now: () => Date.now(), monotonic: () => Date.now() }
  const onDead = vi.fn()
  const limits = { pingMs: 100, missedPings: 2 }
  const heartbeat = startHeartbeat(socket as unknown as WebSocket, clock, limits, onDead)
  const pong = (data = pings.at(-1)!) => socket.emit('pong', Buffer.from(data))
  return { heartbeat, pings, pong, onDead }
}

describe('the heartbeat', () => {
  it('measures the median round trip', async () => {
    const { heartbeat, pong } = setUp()
    expect(heartbeat.medianMs()).toBeUndefined()
    for (const delay of [30, 10, 90]) {
      vi.advanceTimersByTime(delay)
      pong()
      vi.advanceTimersByTime(100 - delay)
    }
    await heartbeat.first
    expect(heartbeat.medianMs()).toBe(30)
  })

  it('keeps the last 15 only', () => {
    const { heartbeat, pong } = setUp()
    for (let i = 0; i < 30; i++) {
      const delay = i < 15 ? 50 : 5
      vi.advanceTimersByTime(delay)
      pong()
      vi.advanceTimersByTime(100 - delay)
    }
    expect(heartbeat.medianMs()).toBe(5)
  })

  it('declares a peer dead that went silent after answering', () => {
    const { pings, pong, onDead } = setUp()
    pong()
    vi.advanceTimersByTime(299)
    expect(onDead).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onDead).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(10_000)
    expect(onDead).toHaveBeenCalledTimes(1)
    expect(pings).toHaveLength(3)
  })

  it('is not fooled by pongs that answer nothing', () => {
    const { heartbeat, pong, onDead } = setUp()
    for (let i = 0; i < 3; i++) {
      pong('99')
      pong('')
      vi.advanceTimersByTime(100)
    }
    expect(onDead).toHaveBeenCalledTimes(1)
    expect(heartbeat.medianMs()).toBeUndefined()
  })

  it('stops', () => {
    const { heartbeat, pings, onDead } = setUp()
    heartbeat.stop()
    vi.advanceTimersByTime(10_000)
    expect(pings).toHaveLength(1)
    expect(onDead).not.toHaveBeenCalled()
  })
})
