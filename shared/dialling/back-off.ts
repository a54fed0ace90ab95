export interface BackOff {
  /** Pause after the first failure, in milliseconds. */
  readonly firstMs: number
  readonly longestMs: number
}

/**
 * Milliseconds to rest after so many failures in a row (1 and up): twice as long after each, up to the longest, less up to a half by
 * `random` (0 to 1), so that all who lost one peer together don't come back to it together.
 */
export function backOffMs({ firstMs, longestMs }: BackOff, failures: number, random: number): number {
  return Math.min(longestMs, firstMs * 2 ** (failures - 1)) * (1 - random / 2)
}
