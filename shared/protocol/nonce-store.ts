/** Step 5 of btauth/1, replay: remembers which nonces were accepted. Ask it only after the signature was verified. */
export interface NonceStore {
  /**
   * @param nonce decimal, as it was sent
   * @param now milliseconds since 1970, of the clock that judged freshness
   * @throws StarlingError when the nonce can't be remembered; what it came with must be refused then
   */
  accept(hotkey: string, nonce: string, now: number): 'fresh' | 'replayed' | 'full'
}

export interface NonceStoreOptions {
  /** Nonces that are remembered one by one. */
  readonly capacity: number
  /** Milliseconds that a nonce can pass the freshness check: age plus skew. */
  readonly lifetimeMs: number
  /** The highest nonce of each hotkey that was accepted before this process. */
  readonly floors?: ReadonlyMap<string, bigint>
}

/**
 * A store in memory. A nonce is kept for as long as it could pass the freshness check; when `capacity` nonces are that young, new
 * ones are turned away, because forgetting one would let it in a second time. After that it still counts as its hotkey's *floor*, at or
 * below which none is taken: a clock that is set back makes old nonces fresh again, and they stay used.
 */
export function createNonceStore({ capacity, lifetimeMs, floors: before }: NonceStoreOptions): NonceStore {
  const floors = new Map(before)
  // Insertion order is the order of time, so the oldest come first.
  const seen = new Map<string, { readonly hotkey: string; readonly nonce: bigint; readonly at: number }>()

  function forget(now: number): void {
    for (const [key, { hotkey, nonce, at }] of seen) {
      if (now - at <= lifetimeMs) return
      seen.delete(key)
      if (nonce > (floors.get(hotkey) ?? 0n)) floors.set(hotkey, nonce)
    }
  }

  return {
    accept(hotkey, text, now) {
      forget(now)
      const nonce = BigInt(text)
      const key = `${hotkey} ${nonce}`
      if (seen.has(key) || nonce <= (floors.get(hotkey) ?? 0n)) return 'replayed'
      if (seen.size >= capacity) return 'full'
      seen.set(key, { hotkey, nonce, at: now })
      return 'fresh'
    },
  }
}
