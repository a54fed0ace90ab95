import { type I32F32, safeDivide, sum } from '../fixed-point.ts'

/** Divides by a total, which may be another vector's; a total of 0 leaves the vector as it is. */
export function normalizeBy(values: readonly I32F32[], total: I32F32): I32F32[] {
  return total === 0n ? [...values] : values.map((value) => safeDivide(value, total))
}

/** Scales to a sum of 1; a sum of 0 leaves the vector as it is. */
export function normalize(values: readonly I32F32[]): I32F32[] {
  return normalizeBy(values, sum(values))
}

/** Amounts (u64) as fractions of their sum: in 64 fractional bits first, of which 32 are then cut off. */
export function normalizeAmounts(amounts: readonly bigint[]): I32F32[] {
  const total = amounts.reduce((a, b) => a + b, 0n)
  return amounts.map((amount) => (total === 0n ? 0n : ((amount << 64n) / total) >> 32n))
}

/** Sets to 0 what the mask marks, and what it is too short for; an empty mask marks nothing. */
export function mask(values: readonly I32F32[], masked: readonly boolean[]): I32F32[] {
  if (masked.length === 0) return [...values]
  return values.map((value, index) => ((masked[index] ?? true) ? 0n : value))
}

/** True for the `count` largest values that are not 0; the later of two equal values counts as larger. */
export function isTopNonzero(values: readonly I32F32[], count: number): boolean[] {
  const ascending = values.map((value, index) => ({ value, index }))
  ascending.sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : a.index - b.index))
  const result = values.map((value) => value !== 0n)
  for (const { index } of ascending.slice(0, Math.max(0, values.length - count))) result[index] = false
  return result
}
