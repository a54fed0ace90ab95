import { expect, test } from 'vitest'
import { fromFloat16, toFloat16 } from '../../../shared/inference/model/float16.ts'

test('every half-precision number survives the way to float32 and back', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = fromFloat16(bits)
    if (Number.isNaN(value)) continue
    expect(toFloat16(value)).toBe(bits)
    expect(Math.fround(value)).toBe(value)
  }
})

test('rounds to the nearest, ties to even', () => {
  const between = (low: number, share: number) => {
    const a = fromFloat16(low)
    return a + (fromFloat16(low + 1) - a) * share
  }
  // A normal pair from an even and an odd mantissa, and a subnormal pair.
  for (const low of [0x3c00, 0x3c01, 0x0000, 0x0001, 0x03ff]) {
    expect(toFloat16(between(low, 0.25))).toBe(low)
    expect(toFloat16(between(low, 0.75))).toBe(low + 1)
    expect(toFloat16(between(low, 0.5))).toBe(low + (low & 1))
  }
})

test('overflow becomes infinity and underflow zero, with the sign kept', () => {
  expect(toFloat16(65_520)).toBe(0x7c00)
  expect(toFloat16(-1e9)).toBe(0xfc00)
  expect(toFloat16(1e-9)).toBe(0)
  expect(toFloat16(-1e-9)).toBe(0x8000)
  expect(fromFloat16(toFloat16(Number.NaN))).toBeNaN()
})
