const float = new DataView(new ArrayBuffer(4))

/** The IEEE 754 half-precision bits nearest to a number, ties to even; too large becomes infinity. */
export function toFloat16(value: number): number {
  float.setFloat32(0, value)
  const bits = float.getUint32(0)
  const sign = (bits >>> 16) & 0x8000
  const exponent = (bits >>> 23) & 0xff
  const mantissa = bits & 0x7fffff
  if (exponent === 0xff) return sign | 0x7c00 | (mantissa === 0 ? 0 : 0x200)
  const half = exponent - 112
  if (half >= 31) return sign | 0x7c00
  if (half < -10) return sign
  // Below half = 1 the implicit one is written out and shifted into a subnormal.
  const full = half > 0 ? (half << 23) | mantissa : mantissa | 0x800000
  const shift = half > 0 ? 13 : 14 - half
  const kept = full >>> shift
  const rest = full & ((1 << shift) - 1)
  const middle = 1 << (shift - 1)
  const roundUp = rest > middle || (rest === middle && (kept & 1) === 1)
  return sign | (kept + (roundUp ? 1 : 0))
}

/** The number that half-precision bits stand for; every one is exact as a float32. */
export function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >>> 10) & 0x1f
  const mantissa = bits & 0x3ff
  if (exponent === 0x1f) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  if (exponent === 0) return sign * mantissa * 2 ** -24
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15)
}
