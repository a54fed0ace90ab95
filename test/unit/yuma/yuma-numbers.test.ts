import { describe, expect, it } from 'vitest'
import { exponential } from '../../../shared/consensus/yuma/exponential.ts'
import {
  add,
  fromInteger,
  MAX,
  MIN,
  multiply,
  ONE,
  safeDivide,
  saturatingDivide,
  shareOf,
  subtract,
  toProportion,
} from '../../../shared/consensus/yuma/fixed-point.ts'

describe('fixed-point numbers', () => {
  it('round products down and quotients towards zero', () => {
    expect(multiply(1n, 1n)).toBe(0n)
    expect(multiply(-1n, 1n)).toBe(-1n)
    expect(multiply(3n * ONE, -ONE / 2n)).toBe((-3n * ONE) / 2n)
    expect(safeDivide(fromInteger(1), fromInteger(3))).toBe(0x5555_5555n)
    expect(safeDivide(fromInteger(-1), fromInteger(3))).toBe(-0x5555_5555n)
  })

  it('saturate, or give 0 where a division is safe', () => {
    expect(add(MAX, 1n)).toBe(MAX)
    expect(subtract(MIN, 1n)).toBe(MIN)
    expect(multiply(MAX, MIN)).toBe(MIN)
    expect(fromInteger(2 ** 31)).toBe(MAX)
    expect(saturatingDivide(MAX, 1n)).toBe(MAX)
    expect(saturatingDivide(MIN, 1n)).toBe(MIN)
    expect(safeDivide(MAX, 1n)).toBe(0n)
    expect(safeDivide(ONE, 0n)).toBe(0n)
  })

  it('turn into shares and rao that are held to their types', () => {
    expect([-1n, 0n, ONE - 1n, ONE, 2n * ONE].map(toProportion)).toEqual([0, 0, 65_534, 65_535, 65_535])
    expect(shareOf(3n, ONE / 2n)).toBe(1n)
    expect(shareOf(2n ** 64n - 1n, ONE)).toBe(2n ** 64n - 1n)
    expect(shareOf(2n ** 64n - 1n, 2n * ONE)).toBe(2n ** 64n - 1n)
    expect(shareOf(5n, -1n)).toBe(0n)
  })

  it('have a power of e that is near the true one, and held at 20', () => {
    for (const x of [-5, -1, -0.1, 0.1, 0.5, 1, 2, 5, 8]) {
      const found = Number(exponential(BigInt(Math.round(x * 2 ** 32)))) / 2 ** 32
      expect(Math.abs(found / Math.exp(x) - 1)).toBeLessThan(1e-6)
    }
    expect(exponential(0n)).toBe(ONE)
    expect(exponential(fromInteger(21))).toBe(exponential(fromInteger(20)))
    expect(exponential(MIN)).toBe(exponential(fromInteger(-20)))
  })

  it('have a power of e that stops at the 31st term, well short of e^20', () => {
    let term = 1
    let series = 1
    for (let power = 1; power <= 31; power++) {
      term *= 20 / power
      series += term
    }
    const found = Number(exponential(fromInteger(20))) / 2 ** 32
    expect(Math.abs(found / series - 1)).toBeLessThan(1e-9)
    expect(found / Math.exp(20)).toBeLessThan(0.993)
  })
})
