/** Step 5 of btauth/1, replay: remembers which nonces were accepted. Ask it only after the signature was verified. */
export interface NonceStore {
  /** @param now milliseconds since 1970, of the clock that judged freshness */
  accept(hotkey: string, nonce: string, now: number): 'fresh' | 'replayed' | 'full'
}

/**
 * A store in memory. A nonce is kept for as long as it could pass the freshness check, so at most `lifetimeMs`
 * (age plus skew); when `capacity` nonces are that young, new ones are turned away, because forgetting one would let it in
 * a second time.
 */
export function createNonceStore(options: {
  readonly capacity: number
  readonly lifetimeMs: number
}): NonceStore {
  // Insertion order is the order of time, so the oldest come first.
  const seen = new Map<string, number>()

  function forget(now: number): void {
    for (const [key, at] of seen) {
      if (now - at <= options.lifetimeMs) return
      seen.delete(key)
    }
  }

  return {
    accept(hotkey, nonce, now) {
      forget(now)
      const key = `${hotkey} ${nonce}`
      if (seen.has(key)) return 'replayed'
      if (seen.size >= options.capacity) return 'full'
      seen.set(key, now)
      return 'fresh'
    },
  }
}
