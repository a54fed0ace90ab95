import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyStretch, stepCusum, summariseStretch } from '../../../shared/proof/cusum.ts'

// Small whole numbers, so that sums are exact and floors are hit often.
const increments = fc.array(fc.integer({ min: -6, max: 6 }), { maxLength: 30 })

describe('stretches', () => {
  it('leave the sum and the peak that one run over all values has', () => {
    fc.assert(
      fc.property(fc.array(increments, { maxLength: 6 }), fc.nat(20), (stretches, start) => {
        let run = { sum: start, peak: start }
        for (const value of stretches.flat()) {
          const sum = stepCusum(run.sum, value, 0)
          run = { sum, peak: Math.max(run.peak, sum) }
        }
        let kept = { sum: start, peak: start }
        for (const stretch of stretches) {
          const { sum, peak } = applyStretch(kept.sum, summariseStretch(stretch))
          kept = { sum, peak: Math.max(kept.peak, peak) }
        }
        expect(kept).toEqual(run)
      }),
    )
  })

  it('leave a larger sum the larger it was before: no past is better than none', () => {
    fc.assert(
      fc.property(increments, fc.nat(20), fc.nat(20), (values, low, more) => {
        const stretch = summariseStretch(values)
        const [less, larger] = [applyStretch(low, stretch), applyStretch(low + more, stretch)]
        expect(larger.sum).toBeGreaterThanOrEqual(less.sum)
        expect(larger.peak).toBeGreaterThanOrEqual(less.peak)
        expect(applyStretch(0, stretch).sum).toBeLessThanOrEqual(less.sum)
      }),
    )
  })
})
