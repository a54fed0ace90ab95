/**
 * I32F32 in a double that holds its bits: every result here is exact while operands stay below 2^52 (a value of 2^20), so
 * that it equals `fixed-point.ts` to the last bit. Nothing saturates within that range.
 */
export const ONE = 2 ** 32
const HALF_BITS = 2 ** 16

/** `x · y`, rounded down; signs are free. `|x|`, `|y|` and the result stay below 2^52. */
export function multiply(x: number, y: number): number {
  const xHigh = Math.floor(x / HALF_BITS)
  const yHigh = Math.floor(y / HALF_BITS)
  const xLow = x - xHigh * HALF_BITS
  const yLow = y - yHigh * HALF_BITS
  // Four partial products below 2^53; what falls off below the lowest kept bit is rounded down at each step.
  const low = Math.floor((xLow * yLow) / HALF_BITS)
  const middle = Math.floor((xHigh * yLow + xLow * yHigh + low) / HALF_BITS)
  return xHigh * yHigh + middle
}

/** `x / y`, rounded towards zero, for 0 ≤ x < 2^52 and 0 < y < 2^52; the quotient stays below 2^53. */
export function divide(x: number, y: number): number {
  if (x < 2 ** 37 && y < 2 ** 37) return longDivide(x, y, 2 ** 16, 2)
  if (x < 2 ** 45 && y < 2 ** 45) return longDivide(x, y, 2 ** 8, 4)
  return Number((BigInt(x) << 32n) / BigInt(y))
}

/**
 * Long division with `digits` digits of the given base. A remainder times the base stays below 2^53, where a rounded
 * quotient of two integers never crosses the next integer.
 */
function longDivide(x: number, y: number, base: number, digits: number): number {
  let quotient = Math.floor(x / y)
  let remainder = x - quotient * y
  for (let digit = 0; digit < digits; digit++) {
    const scaled = remainder * base
    const next = Math.floor(scaled / y)
    remainder = scaled - next * y
    quotient = quotient * base + next
  }
  return quotient
}

/** `part / whole` of two integers, part < 2^21. */
export function ratio(part: number, whole: number): number {
  return Math.floor((part * ONE) / whole)
}

/** A share out of 65535 as a fraction of 1. */
export function fromProportion(share: number): number {
  return ratio(share, 65_535)
}

/** A fraction of 1 as a share out of 65535, rounded down and held to [0, 65535]. */
export function toProportion(value: number): number {
  return Math.max(0, Math.min(65_535, Math.floor((value * 65_535) / ONE)))
}

export function sum(values: Float64Array): number {
  let total = 0
  for (const value of values) total += value
  return total
}

/** Divides by a total, which may be another vector's; a total of 0 leaves the vector as it is. */
export function normalizeBy(values: Float64Array, total: number): Float64Array {
  return total === 0 ? values : values.map((value) => divide(value, total))
}

export function normalize(values: Float64Array): Float64Array {
  return normalizeBy(values, sum(values))
}
