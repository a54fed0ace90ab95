import type { WebSocket } from 'ws'
import type { Clock } from '../process/clock.ts'

export interface Heartbeat {
  /** Median round trip of the last pings in milliseconds; undefined before the first pong. */
  medianMs(): number | undefined
  /** Resolves at the first pong. */
  readonly first: Promise<void>
  stop(): void
}

/** Round trips that the median is taken over. */
const ROUND_TRIPS = 15

/**
 * Pings at once and then every `pingMs`. A socket whose other end vanished accepts writes for minutes; unanswered pings
 * show it.
 * @param onDead called once, when `missedPings` pings in a row found no answer
 */
export function startHeartbeat(
  socket: WebSocket,
  clock: Clock,
  limits: { readonly pingMs: number; readonly missedPings: number },
  onDead: () => void,
): Heartbeat {
  const roundTrips: number[] = []
  const sentAt = new Map<string, number>()
  const { promise: first, resolve: firstPong } = withResolvers()
  let count = 0

  function beat(): void {
    if (sentAt.size >= limits.missedPings) {
      stop()
      onDead()
      return
    }
    const id = String(count++)
    sentAt.set(id, clock.monotonic())
    socket.ping(id)
  }

  function onPong(data: Buffer): void {
    // Only our own numbers count: a pong that nobody asked for is allowed (RFC 6455, 5.5.3) and means nothing.
    const id = data.toString('latin1')
    const sent = sentAt.get(id)
    if (sent === undefined) return
    sentAt.clear()
    roundTrips.push(clock.monotonic() - sent)
    if (roundTrips.length > ROUND_TRIPS) roundTrips.shift()
    firstPong()
  }

  function stop(): void {
    clearInterval(timer)
    socket.off('pong', onPong)
  }

  socket.on('pong', onPong)
  const timer = setInterval(beat, limits.pingMs)
  beat()
  return { medianMs: () => median(roundTrips), first, stop }
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
