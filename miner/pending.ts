import type { Clock } from '../shared/process/clock.ts'

/** What a miner keeps between a commit and its reveal: bounded in number and age, so that no validator can fill it. */
export interface Pending<T> {
  get(peer: string, id: Uint8Array): T | undefined
  /** Returns false, and keeps nothing, when the store is full of entries that are still fresh. */
  put(peer: string, id: Uint8Array, value: T): boolean
  delete(peer: string, id: Uint8Array): void
  readonly size: number
}

/** @param maxAgeMs how long a commit may wait for its reveal */
export function createPending<T>(capacity: number, maxAgeMs: number, clock: Clock): Pending<T> {
  const entries = new Map<string, { value: T; expires: number }>()

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
    put(peer, id, value) {
      dropExpired()
      if (entries.size >= capacity) return false
      entries.set(keyOf(peer, id), { value, expires: clock.monotonic() + maxAgeMs })
      return true
    },
    delete(peer, id) {
      entries.delete(keyOf(peer, id))
    },
    get size() {
      return entries.size
    },
  }
}

function keyOf(peer: string, id: Uint8Array): string {
  return `${peer}:${Buffer.from(id).toString('hex')}`
}
