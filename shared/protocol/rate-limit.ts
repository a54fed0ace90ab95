/** Counts attempts by key, such as an address. */
export interface RateLimit {
  /** @param now milliseconds on a clock that never runs backwards */
  allow(key: string, now: number): boolean
}

/**
 * A leaky bucket for each key: `perMinute` attempts at once, refilled evenly over a minute. At most `keys` buckets are
 * kept; beyond that the one that was used longest ago is forgotten, as it is the likeliest to be full again.
 */
export function createRateLimit(options: { readonly perMinute: number; readonly keys: number }): RateLimit {
  const interval = 60_000 / options.perMinute
  // GCRA: for each key the time at which its bucket is full again.
  const fullAt = new Map<string, number>()

  return {
    allow(key, now) {
      const full = Math.max(fullAt.get(key) ?? now, now) + interval
      if (full - now > options.perMinute * interval) return false
      fullAt.delete(key)
      fullAt.set(key, full)
      if (fullAt.size > options.keys) {
        const oldest = fullAt.keys().next().value
        if (oldest !== undefined) fullAt.delete(oldest)
      }
      return true
    },
  }
}
