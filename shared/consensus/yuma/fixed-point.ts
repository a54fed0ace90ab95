/**
 * Subtensor's binary fixed-point numbers, as the integer that holds their bits. I32F32 is a signed 64-bit integer in
 * units of 2^-32; I96F32 has the same unit in 128 bits. Products round down, quotients towards zero, and what does not fit
 * saturates, as in the Rust crates `fixed` and `substrate-fixed`.
 */
export type I32F32 = bigint

const FRACTION_BITS = 32n
export const ONE: I32F32 = 1n << FRACTION_BITS
export const MAX: I32F32 = (1n << 63n) - 1n
export const MIN: I32F32 = -(1n << 63n)
export const U16_MAX: I32F32 = 65_535n << FRACTION_BITS

export function saturate(value: bigint): I32F32 {
  return value > MAX ? MAX : value < MIN ? MIN : value
}

export function fromInteger(value: number): I32F32 {
  return saturate(BigInt(value) << FRACTION_BITS)
}

export function add(x: I32F32, y: I32F32): I32F32 {
  return saturate(x + y)
}

export function subtract(x: I32F32, y: I32F32): I32F32 {
  return saturate(x - y)
}

/** `x · y`, rounded down: a shift of a negative integer rounds down, too. */
export function multiply(x: I32F32, y: I32F32): I32F32 {
  return saturate((x * y) >> FRACTION_BITS)
}

/** `x / y`, rounded towards zero; 0 where `y` is 0 or the quotient does not fit. */
export function safeDivide(x: I32F32, y: I32F32): I32F32 {
  if (y === 0n) return 0n
  const quotient = (x << FRACTION_BITS) / y
  return saturate(quotient) === quotient ? quotient : 0n
}

/** `x / y`, rounded towards zero, for a `y` that is not 0. */
export function saturatingDivide(x: I32F32, y: I32F32): I32F32 {
  return saturate((x << FRACTION_BITS) / y)
}

export function clamp(value: I32F32, low: I32F32, high: I32F32): I32F32 {
  const below = value < high ? value : high
  return below > low ? below : low
}

export function sum(values: readonly I32F32[]): I32F32 {
  return values.reduce(add, 0n)
}

/** A share out of 65535 as a fraction of 1. */
export function fromProportion(share: number): I32F32 {
  return safeDivide(fromInteger(share), U16_MAX)
}

/** A fraction of 1 as a share out of 65535, rounded down and held to [0, 65535]. */
export function toProportion(value: I32F32): number {
  const share = multiply(value, U16_MAX) >> FRACTION_BITS
  return share < 0n ? 0 : share > 65_535n ? 65_535 : Number(share)
}

/** `amount · share` in rao, in I96F32, rounded down and held to what a u64 holds. */
export function shareOf(amount: bigint, share: I32F32): bigint {
  const rao = (share * amount) >> FRACTION_BITS
  return rao < 0n ? 0n : rao >= 1n << 64n ? (1n << 64n) - 1n : rao
}
