import { add, clamp, fromInteger, type I32F32, multiply, ONE, saturatingDivide } from './fixed-point.ts'

/** e to 23 fractional bits, all that substrate-fixed keeps of it. */
export const E: I32F32 = 22_802_600n << 9n
const LIMIT = fromInteger(20)
/** Powers of the series, up to the number of fractional bits. */
export const LAST_POWER = 31

/**
 * e^x for x held to [-20, 20], by the power series of substrate-fixed's `exp`: terms up to x^31, each rounded twice, so that
 * the far ends are off by more than rounding. No step overflows within those limits.
 */
export function exponential(x: I32F32): I32F32 {
  const held = clamp(x, -LIMIT, LIMIT)
  if (held === 0n) return ONE
  if (held === ONE) return E
  const magnitude = held < 0n ? -held : held
  let term = magnitude
  let result = add(magnitude, ONE)
  for (let power = 2n; power <= LAST_POWER && term !== 0n; power++) {
    term = multiply(term, magnitude) / power
    result = add(result, term)
  }
  return held < 0n ? saturatingDivide(ONE, result) : result
}
