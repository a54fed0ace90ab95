import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lineChart, spread } from '../../../scripts/page/line-chart.ts'

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

it('keeps what lies beyond a logarithmic scale at its end, and leaves gaps out', () => {
  const scale = { from: 1e-8, to: 1e2, limit: { value: 1e-4, name: 'proof' } }
  const values = [0, 1e-4, undefined, 1e9]
  const chart = lineChart('margins', '', ['1', '2', '3', '4'], [{ name: 'm', color: 'red', values }], scale)
  const [, points] = /<polyline points="([^"]*)"/.exec(chart)!
  const heights = points!.split(' ').map((point) => Number(point.split(',')[1]))
  expect(heights).toEqual([248, expect.closeTo(248 - 0.4 * 236, 1), 12])
  expect(chart).toContain('proof')
})

it('leaves room for intervals and for what is asked for', () => {
  const series = { name: 'pay', color: 'red', values: [1, 1.5], intervals: [undefined, [1, 2]] as const }
  const chart = lineChart('pay', '', ['2', '16'], [series], { limit: { value: 4 / 1.1, name: 'the bar' } })
  const [, points] = /<polyline points="([^"]*)"/.exec(chart)!
  const heights = points!.split(' ').map((point) => Number(point.split(',')[1]))
  expect(heights).toEqual([248 - 236 / 4, expect.closeTo(248 - (1.5 / 4) * 236, 1)])
  expect(chart).toContain(`y1="${(248 - 236 / 4).toFixed(1)}" y2="${(248 - 236 / 2).toFixed(1)}"`)
  expect(chart.match(/opacity/g)).toHaveLength(1)
  expect(chart).toContain('the bar')
})

it('draws a chart without any values', () => {
  expect(lineChart('empty', 'TAO', [], [])).toContain('<svg')
})
