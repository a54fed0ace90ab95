import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { portableExp, portableLn, portableSinCos, roughExp } from '../../../shared/inference/portable-math.ts'

const relative = (value: number, truth: number) => Math.abs(value - truth) / Math.abs(truth)

describe('portable math agrees with the built-in functions', () => {
  test('ln to 1e-15 relative, over 600 decades and close to 1', () => {
    const wide = fc.double({ min: 1e-300, max: 1e300, noNaN: true })
    const near = fc.double({ min: 0.9, max: 1.1, noNaN: true }).filter((x) => x !== 1)
    fc.assert(
      fc.property(fc.oneof(wide, near), (x) => relative(portableLn(x), Math.log(x)) <= 1e-15),
      { numRuns: 20_000 },
    )
    expect(portableLn(1)).toBe(0)
  })

  test('ln at the ends of its domain', () => {
    expect(portableLn(0)).toBe(Number.NEGATIVE_INFINITY)
    expect(portableLn(-1)).toBeNaN()
    expect(portableLn(Number.NaN)).toBeNaN()
    expect(portableLn(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY)
  })

  test('exp to 1e-15 relative', () => {
    fc.assert(
      fc.property(fc.double({ min: -690, max: 690, noNaN: true }), (x) => {
        return relative(portableExp(x), Math.exp(x)) <= 1e-15
      }),
      { numRuns: 20_000 },
    )
    expect(portableExp(0)).toBe(1)
    expect(portableExp(-1000)).toBe(0)
    expect(portableExp(1000)).toBe(Number.POSITIVE_INFINITY)
  })

  test('rough exp to 1e-10 relative, at and below 0', () => {
    fc.assert(
      fc.property(fc.double({ min: -690, max: 0, noNaN: true }), (x) => {
        return relative(roughExp(x), Math.exp(x)) <= 1e-10
      }),
      { numRuns: 20_000 },
    )
    expect(roughExp(0)).toBe(1)
    expect(roughExp(-1000)).toBe(0)
  })

  test('sine and cosine to 3e-16 absolute', () => {
    fc.assert(
      fc.property(fc.double({ min: -1000, max: 1000, noNaN: true }), (x) => {
        const { sin, cos } = portableSinCos(x)
        return Math.abs(sin - Math.sin(x)) <= 3e-16 && Math.abs(cos - Math.cos(x)) <= 3e-16
      }),
      { numRuns: 20_000 },
    )
  })
})
