import { type I32F32, MAX, MIN } from '../../../shared/consensus/yuma/fixed-point.ts'
import { MATH_FUNCTIONS, type MathArguments } from './math-functions.ts'

/** Numbers of one of Subtensor's tests of fixed-point mathematics, as `test/vectors/yuma/math-*.json` hold them. */
export interface MathVector {
  readonly name: string
  readonly source: string
  readonly function: string
  /** What Subtensor's test allows; 0: equal to the last bit. */
  readonly tolerance: number
  /** Bits of the floating-point literals that its numbers are made of. */
  readonly float: 32 | 64
  /** Where those of the outcome are others. */
  readonly expectFloat?: 32 | 64
  readonly cases: readonly { readonly arguments: Record<string, unknown>; readonly expect: unknown }[]
}

/** What differs from the vector, a line each; nothing where it holds. */
export function checkMathVector(vector: MathVector): string[] {
  const apply = MATH_FUNCTIONS[vector.function]
  if (apply === undefined) return [`${vector.name}: there is no function ${vector.function}`]
  const tolerance = toFixed(vector.tolerance, 64)
  return vector.cases.flatMap(({ arguments: given, expect }, index) => {
    const found = apply(readArguments(given, vector.float))
    return differences(found, expect, vector.expectFloat ?? vector.float, tolerance).map(
      (difference) => `${vector.name}, case ${index}${difference}`,
    )
  })
}

/** A floating-point literal in units of 2^-32, to nearest, ties to even, as Rust's `from_num` converts it. */
export function toFixed(literal: number | string, float: 32 | 64): I32F32 {
  if (literal === 'max') return MAX
  if (literal === 'min') return MIN
  const scaled = (float === 32 ? Math.fround(Number(literal)) : Number(literal)) * 2 ** 32
  const below = Math.floor(scaled)
  const rest = scaled - below
  const isUp = rest > 0.5 || (rest === 0.5 && below % 2 !== 0)
  return BigInt(isUp ? below + 1 : below)
}

function readArguments(given: Record<string, unknown>, float: 32 | 64): MathArguments {
  const read = (name: string, value: unknown): unknown => {
    if (name === 'amounts') return (value as string[]).map(BigInt)
    if (name === 'masked' || name === 'count') return value
    if (Array.isArray(value)) return value.map((item) => read(name, item))
    return toFixed(value as number | string, float)
  }
  const entries = Object.entries(given).map(([name, value]) => [name, read(name, value)])
  return Object.fromEntries(entries) as MathArguments
}

/** Compares numbers within lists within lists; null is not looked at. */
function differences(found: unknown, expected: unknown, float: 32 | 64, tolerance: bigint): string[] {
  if (expected === null) return []
  if (Array.isArray(expected)) {
    if (!Array.isArray(found) || found.length !== expected.length) return [': the length differs']
    return expected.flatMap((item, index) =>
      differences(found[index], item, float, tolerance).map((difference) => `[${index}]${difference}`),
    )
  }
  if (typeof expected === 'boolean') return found === expected ? [] : [`: ${found} is not ${expected}`]
  const distance = (found as bigint) - toFixed(expected as number, float)
  return distance <= tolerance && -distance <= tolerance ? [] : [`: ${found} is not ${expected}`]
}
