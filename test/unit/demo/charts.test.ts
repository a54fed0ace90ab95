import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lineChart, spread } from '../../../scripts/demo/charts.ts'

it('keeps labels apart, in order and inside of the chart', () => {
  const heights = fc.array(fc.double({ min: 12, max: 248, noNaN: true }), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(heights, (wanted) => {
      const placed = spread(wanted)
      const sorted = [...placed].sort((a, b) => a - b)
      for (const [i, at] of sorted.entries())
        if (i > 0) expect(at - sorted[i - 1]!).toBeGreaterThanOrEqual(14 - 1e-9)
      expect(sorted[0]).toBeGreaterThanOrEqual(12 - 1e-9)
      expect(sorted.at(-1)).toBeLessThanOrEqual(248 + 1e-9)
      for (const [i, a] of wanted.entries()) {
        for (const [j, b] of wanted.entries()) if (a < b) expect(placed[i]!).toBeLessThan(placed[j]!)
      }
    }),
  )
})

it('draws a chart without any values', () => {
  expect(lineChart('empty', 'TAO', [], [])).toContain('<svg')
})
