const float = new Float32Array(1)
const pattern = new Uint32Array(float.buffer)

/** The bfloat16 pattern nearest to a float32 value, ties to even as in IEEE 754; any NaN becomes 0x7fc0, as in PyTorch. */
export function bfloat16(value: number): number {
  float[0] = value
  const bits = pattern[0]!
  if (Number.isNaN(value)) return 0x7fc0
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16
}

/** The eight bits of the exponent. */
export function exponentOf(bfloat: number): number {
  return (bfloat >>> 7) & 0xff
}

/** The seven bits of the mantissa. */
export function mantissaOf(bfloat: number): number {
  return bfloat & 0x7f
}
