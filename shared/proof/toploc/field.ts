/**
 * The reference's prime: the largest below 2^16 that leaves out only negative NaNs of bfloat16 (0xffd9 and above), so that a
 * field element can be the pattern of any number.
 */
export const PRIME = 65497

/** a·b + c mod PRIME; all three in the field. The sum stays below 2^32, so 32-bit integers hold it exactly. */
export function multiplyAdd(a: number, b: number, c: number): number {
  return (((Math.imul(a, b) >>> 0) + c) >>> 0) % PRIME
}

/** 1/a mod PRIME by Fermat's little theorem, a^(PRIME − 2); 0 for 0. */
export function invert(a: number): number {
  let result = 1
  let power = a
  for (let exponent = PRIME - 2; exponent > 0; exponent >>= 1) {
    if (exponent & 1) result = multiplyAdd(result, power, 0)
    power = multiplyAdd(power, power, 0)
  }
  return result
}

/** The polynomial's value at x (Horner); coefficients ascending, the first `count` of them, all in the field like x. */
export function evaluate(coefficients: Uint16Array, x: number, count = coefficients.length): number {
  let value = 0
  for (let i = count - 1; i >= 0; i--) value = multiplyAdd(value, x, coefficients[i]!)
  return value
}
