/**
 * ln, exp, sin and cos out of +, −, × and ÷ alone, in a fixed order. IEEE 754 rounds those four the same way on every
 * machine and JavaScript forbids fusing them, so results are equal to the last bit everywhere. Math.log and the rest
 * are not: ECMAScript leaves their last digits to the engine.
 */

// ln 2 and π/2 in pieces: a small integer times a piece, but for the last, is exact.
const LN2_HIGH = 0.6931467056274414
const LN2_LOW = 4.7493250390316726e-7
const HALF_PI_HIGH = 1.5707963109016418
const HALF_PI_MIDDLE = 1.5893254712295857e-8
const HALF_PI_LOW = 6.123233995736766e-17
const TWO_OVER_PI = 0.6366197723675814

const bits = new DataView(new ArrayBuffer(8))

/** Natural logarithm of a positive normal double, within 1e-15 relative; 0 gives -Infinity, less than 0 NaN. */
export function portableLn(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN
  if (x === Number.POSITIVE_INFINITY) return x
  // x = 2^exponent · mantissa with the mantissa in [1/√2, √2)
  bits.setFloat64(0, x)
  const high = bits.getUint32(0)
  let exponent = (high >>> 20) - 1023
  bits.setUint32(0, (high & 0xfffff) | 0x3ff00000)
  let mantissa = bits.getFloat64(0)
  if (mantissa >= Math.SQRT2) {
    mantissa /= 2
    exponent += 1
  }
  // ln m = 2·artanh(s) = 2(s + s³/3 + s⁵/5 + …) with s = (m − 1)/(m + 1), |s| ≤ 0.172
  const s = (mantissa - 1) / (mantissa + 1)
  const square = s * s
  let series = 0
  for (let odd = 23; odd >= 3; odd -= 2) series = (series + 1 / odd) * square
  const logMantissa = 2 * s + 2 * s * series
  if (exponent === 0) return logMantissa
  return exponent * LN2_HIGH + (logMantissa + exponent * LN2_LOW)
}

/** e^x within 1e-15 relative for |x| ≤ 700; 0 below, Infinity above. */
export function portableExp(x: number): number {
  if (x < -700) return 0
  if (x > 700) return Number.POSITIVE_INFINITY
  const exponent = Math.round(x / Math.LN2)
  const r = x - exponent * LN2_HIGH - exponent * LN2_LOW
  let series = 1
  for (let n = 14; n >= 1; n--) series = 1 + (series * r) / n
  bits.setUint32(0, (exponent + 1023) << 20)
  bits.setUint32(4, 0)
  return series * bits.getFloat64(0)
}

/** e^x for −700 ≤ x ≤ 0 within 1e-10 relative, in a fraction of the time: for sums of which only a logarithm is looked at. */
export function roughExp(x: number): number {
  if (x < -700) return 0
  const exponent = Math.round(x * Math.LOG2E)
  const r = x - exponent * Math.LN2
  const last = 1 / 5040 + r * (1 / 40_320 + r * (1 / 362_880))
  const tail = 1 / 24 + r * (1 / 120 + r * (1 / 720 + r * last))
  bits.setUint32(0, (exponent + 1023) << 20)
  bits.setUint32(4, 0)
  return (1 + r * (1 + r * (1 / 2 + r * (1 / 6 + r * tail)))) * bits.getFloat64(0)
}

/** Sine and cosine of an angle in radians, |x| ≤ 10⁵, within 2e-16 absolute. */
export function portableSinCos(x: number): { readonly sin: number; readonly cos: number } {
  const quadrant = Math.round(x * TWO_OVER_PI)
  const r = x - quadrant * HALF_PI_HIGH - quadrant * HALF_PI_MIDDLE - quadrant * HALF_PI_LOW
  const square = r * r
  let sin = 1
  for (let n = 18; n >= 2; n -= 2) sin = 1 - (sin * square) / (n * (n + 1))
  sin *= r
  let cos = 1
  for (let n = 19; n >= 1; n -= 2) cos = 1 - (cos * square) / (n * (n + 1))
  switch (((quadrant % 4) + 4) % 4) {
    case 0:
      return { sin, cos }
    case 1:
      return { sin: cos, cos: -sin }
    case 2:
      return { sin: -sin, cos: -cos }
    default:
      return { sin: -cos, cos: sin }
  }
}
