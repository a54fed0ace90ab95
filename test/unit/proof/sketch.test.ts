import { describe, expect, it } from 'vitest'
import { floatBytes, floatsOf } from '../../../shared/proof/sketch/float-bytes.ts'
import { SKETCH_VALUES, sketchMatrix, sketchSigns } from '../../../shared/proof/sketch/matrix.ts'
import {
  EQUAL_DISTANCE,
  logDistances,
  mean,
  sketchFault,
  sketchRows,
} from '../../../shared/proof/sketch/sketch.ts'

const WIDTH = 40
const challenge = new Uint8Array(32).fill(1)
const inverse = Float32Array.from({ length: (WIDTH * (WIDTH + 1)) / 2 }, (_, n) => 1 / (n + 3))
const matrix = sketchMatrix(challenge, { width: WIDTH, inverse })
const row = (start: number) => Float32Array.from({ length: WIDTH }, (_, j) => Math.fround(1 / (start + j)))

describe('sketch matrix', () => {
  it('has as many of either sign as chance gives, and others for another challenge', () => {
    const signs = sketchSigns(challenge, 4096)
    expect(Math.abs(signs.reduce((sum, sign) => sum + sign, 0))).toBeLessThan(4 * Math.sqrt(signs.length))
    const other = sketchSigns(new Uint8Array(32).fill(2), 4096)
    const agreement = signs.reduce((sum, sign, n) => sum + sign * other[n]!, 0)
    expect(Math.abs(agreement)).toBeLessThan(4 * Math.sqrt(signs.length))
  })
})

describe('sketch', () => {
  it('is R · (L⁻¹ · row), one sketch a row', () => {
    const rows = Float32Array.of(...row(1), ...row(7))
    const signs = sketchSigns(challenge, WIDTH)
    const expected = [row(1), row(7)].flatMap((values) => {
      const white = Array.from({ length: WIDTH }, (_, i) =>
        values.slice(0, i + 1).reduce((sum, value, j) => sum + value * inverse[(i * (i + 1)) / 2 + j]!, 0),
      )
      return Array.from({ length: SKETCH_VALUES }, (_, k) =>
        white.reduce((sum, value, i) => sum + value * signs[k * WIDTH + i]!, 0),
      )
    })
    const sketches = sketchRows(rows, matrix)
    expect(sketches.length).toBe(2 * SKETCH_VALUES)
    for (const [n, value] of sketches.entries()) expect(value).toBeCloseTo(expected[n]!, 5)
    expect(() => sketchRows(new Float32Array(WIDTH + 1), matrix)).toThrow(RangeError)
  })

  it('survives bytes, whatever their offset', () => {
    const values = Float32Array.of(-0, 1.5, Math.fround(1e-40), -3e38)
    const bytes = Uint8Array.of(9, ...floatBytes(values)).subarray(1)
    expect(floatsOf(bytes)).toEqual(values)
    expect(() => floatsOf(bytes.subarray(1))).toThrow(RangeError)
  })

  it('measures relative to the own sketch, and calls nothing nearer than rounding', () => {
    const own = sketchRows(row(1), matrix)
    expect(logDistances(own, own)[0]).toBe(Math.log(EQUAL_DISTANCE))
    expect(
      logDistances(
        own.map((value) => value * 2),
        own,
      )[0],
    ).toBeCloseTo(0, 6)
    expect(
      logDistances(
        own.map((value) => -value),
        own,
      )[0],
    ).toBeCloseTo(Math.log(2), 6)
    expect(logDistances(new Float32Array(8), own)[0]).toBe(0)
    const scaled = (factor: number) =>
      logDistances(
        own.map((value) => value * 1.001 * factor),
        own.map((value) => value * factor),
      )[0]
    expect(scaled(1024)).toBe(scaled(1))
    expect(mean(Float64Array.of(-1, -3))).toBe(-2)
  })

  it.each([
    ['NaN', [Number.NaN, 0, 0, 0, 0, 0, 0, 0], /value 0 is NaN/],
    ['infinity', [0, 0, 0, 0, 0, 0, 0, -Infinity], /value 7 is -Infinity/],
    ['too few values', [1, 2, 3], /3 sketch values where 8 belong/],
    ['too many values', new Array<number>(16).fill(1), /16 sketch values where 8 belong/],
  ])('calls %s a fault and never a distance', (_name, values, fault) => {
    const own = sketchRows(row(1), matrix)
    const claimed = Float32Array.from(values)
    expect(sketchFault(claimed, 1)).toMatch(fault)
    expect(() => logDistances(claimed, own)).toThrow(RangeError)
    expect(() => logDistances(own, claimed)).toThrow(RangeError)
  })

  it('has no distance from a sketch of zeros', () => {
    expect(() => logDistances(sketchRows(row(1), matrix), new Float32Array(8))).toThrow(RangeError)
  })
})
