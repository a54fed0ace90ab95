import fc from 'fast-check'
import { inverse, Matrix } from 'ml-matrix'
import { describe, expect, it } from 'vitest'
import { fieldQuality, fitBradleyTerry, standardErrors } from '../../../shared/consensus/bradley-terry.ts'
import type { Preference } from '../../../shared/consensus/preference.ts'
import { ascend, gradient, newton } from './posterior.ts'

const field = (most: number, heaviest: number) =>
  fc.integer({ min: 2, max: most }).chain((count) =>
    fc.record({
      count: fc.constant(count),
      preferences: fc.array(
        fc
          .record({
            a: fc.nat(count - 1),
            b: fc.nat(count - 1),
            winOfA: fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true })),
            weight: fc.double({ min: 0, max: heaviest, noNaN: true }),
          })
          .filter(({ a, b }) => a !== b),
        { maxLength: 4 * count },
      ),
    }),
  )

const logs = (strengths: Float64Array) => Array.from(strengths, Math.log)

describe('fitBradleyTerry', () => {
  it('ends where the gradient of the posterior is zero', () => {
    fc.assert(
      fc.property(field(20, 30), ({ count, preferences }) => {
        const { strengths } = fitBradleyTerry(count, preferences)
        for (const slope of gradient(logs(strengths), preferences)) expect(Math.abs(slope)).toBeLessThan(1e-7)
      }),
    )
  })

  it('agrees with plain gradient ascent on random graphs, connected or not', () => {
    fc.assert(
      fc.property(field(8, 3), ({ count, preferences }) => {
        const fitted = logs(fitBradleyTerry(count, preferences).strengths)
        ascend(count, preferences, 3000).forEach((theta, i) => {
          expect(fitted[i]).toBeCloseTo(theta, 5)
        })
      }),
      { numRuns: 40 },
    )
  })

  it('agrees with Newton’s method on random graphs, be they long chains of heavy verdicts', () => {
    fc.assert(
      fc.property(field(16, 1000), ({ count, preferences }) => {
        const fitted = logs(fitBradleyTerry(count, preferences).strengths)
        newton(count, preferences).forEach((theta, i) => {
          expect(fitted[i]).toBeCloseTo(theta, 6)
        })
      }),
      { numRuns: 60 },
    )
  })

  it('gives an item the same strength wherever it stands and in whatever order its games come', () => {
    fc.assert(
      fc.property(field(12, 10), fc.infiniteStream(fc.nat()), ({ count, preferences }, keys) => {
        const order = Array.from({ length: count }, (_, i) => ({ i, key: keys.next().value as number }))
          .sort((x, y) => x.key - y.key)
          .map(({ i }) => i)
        const place = (i: number) => order.indexOf(i)
        const moved: Preference[] = preferences
          .map((p) => ({ ...p, a: place(p.b), b: place(p.a), winOfA: 1 - p.winOfA }))
          .reverse()
        const before = logs(fitBradleyTerry(count, preferences).strengths)
        const after = logs(fitBradleyTerry(count, moved).strengths)
        before.forEach((theta, i) => {
          expect(after[place(i)]).toBeCloseTo(theta, 7)
        })
      }),
    )
  })

  it('never gives 0 or infinity, and field qualities that average one half', () => {
    fc.assert(
      fc.property(field(20, 1000), ({ count, preferences }) => {
        const { strengths } = fitBradleyTerry(count, preferences)
        for (const strength of strengths) expect(strength > 0 && strength < Infinity).toBe(true)
        const qualities = fieldQuality(strengths)
        const mean = qualities.reduce((sum, quality) => sum + quality, 0) / count
        expect(mean).toBeCloseTo(0.5, 9)
      }),
    )
  })
})

describe('standardErrors', () => {
  it('is the root of the inverse curvature, which finite differences of the gradient give too', () => {
    fc.assert(
      fc.property(field(6, 5), ({ count, preferences }) => {
        const fit = fitBradleyTerry(count, preferences)
        const theta = logs(fit.strengths)
        const column = (i: number) => {
          const at = (by: number) =>
            gradient(
              theta.map((t, j) => (j === i ? t + by : t)),
              preferences,
            )
          const [up, down] = [at(1e-5), at(-1e-5)]
          return up.map((slope, j) => (down[j]! - slope) / 2e-5)
        }
        const covariance = inverse(new Matrix(theta.map((_, i) => column(i))))
        standardErrors(fit, preferences).forEach((error, i) => {
          expect(error / Math.sqrt(covariance.get(i, i))).toBeCloseTo(1, 5)
        })
      }),
    )
  })
})
