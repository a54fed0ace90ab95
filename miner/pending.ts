import type { Clock } from '../shared/process/clock.ts'

/** What a miner keeps between a commit and its reveal: bounded in number and age, so that no validator can fill it. */
export interface Pending<T> {
  get(peer: string, id: Uint8Array): T | undefined
  /** Full of entries that are still fresh, or stopped: ask before work is begun that could not be kept. */
  readonly isFull: boolean
  put(peer: string, id: Uint8Array, value: T): void
  delete(peer: string, id: Uint8Array): void
  readonly size: number
  /** Notes that an entry was asked for: it stays, as the asker may not have heard the reply. */
  opened(peer: string, id: Uint8Array): void
  /** Fresh entries that nobody has asked to open yet. */
  readonly unopened: number
  /** Takes nothing more. */
  stop(): void
}

/** @param maxAgeMs how long a commit may wait for its reveal */
export function createPending<T>(capacity: number, maxAgeMs: number, clock: Clock): Pending<T> {
  const entries = new Map<string, { value: T; expires: number; isOpened: boolean }>()
  let isStopped = false

  // Insertion order is age order, so the oldest stand first.
  const dropExpired = () => {
    const now = clock.monotonic()
    for (const [key, entry] of entries) {
      if (entry.expires > now) break
      entries.delete(key)
    }
  }

  return {
    get(peer, id) {
      dropExpired()
      return entries.get(keyOf(peer, id))?.value
    },
    get isFull() {
      dropExpired()
      return isStopped || entries.size >= capacity
    },
    put(peer, id, value) {
      entries.set(keyOf(peer, id), { value, expires: clock.monotonic() + maxAgeMs, isOpened: false })
    },
    delete(peer, id) {
      entries.delete(keyOf(peer, id))
    },
    get size() {
      return entries.size
    },
    opened(peer, id) {
      const entry = entries.get(keyOf(peer, id))
      if (entry !== undefined) entry.isOpened = true
    },
    get unopened() {
      dropExpired()
      return [...entries.values()].filter(({ isOpened }) => !isOpened).length
    },
    stop() {
      isStopped = true
    },
  }
}

function keyOf(peer: string, id: Uint8Array): string {
  return `${peer}:${Buffer.from(id).toString('hex')}`
}
