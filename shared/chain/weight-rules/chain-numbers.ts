const U16_MAX = 65_535
/** Fraction bits of the pallet's I32F32. */
const FRACTION = 32n
const HALF = 1n << 31n

/**
 * The row that the chain stores for given weights: all times 65535 over the greatest, in the pallet's I32F32
 * (`vec_max_upscale_to_u16` of epoch/math.rs), so exact. Weights that reach 65535 come back unchanged.
 */
export function maxUpscale(weights: readonly number[]): number[] {
  const max = BigInt(Math.max(0, ...weights))
  if (max === 0n) return weights.map(() => 0)
  const full = BigInt(U16_MAX) << FRACTION
  // Above 32768 the product would overflow I32F32, so there the chain divides first.
  const scaled = (weight: bigint) => (max > 32_768n ? weight * (full / max) : (weight * full) / max)
  return weights.map((weight) => Math.min(U16_MAX, Number((scaled(BigInt(weight)) + HALF) >> FRACTION)))
}

/**
 * True where no weight is more than `limit` / 65535 of their sum, in the pallet's I32F32 (`check_vec_max_limited`). The
 * chain asks this of the upscaled row, and of none when the limit is 65535.
 */
export function isMaxLimited(weights: readonly number[], limit: number): boolean {
  const sum = weights.reduce((total, weight) => total + BigInt(weight), 0n)
  if (sum === 0n) return true
  const greatest = BigInt(Math.max(...weights))
  return (greatest << FRACTION) / sum <= (BigInt(limit) << FRACTION) / BigInt(U16_MAX)
}
