import { describe, expect, it } from 'vitest'
import { endsOf, intervalChart, shortFigure } from '../../../scripts/page/interval-chart.ts'

const rows = [
  { name: 'a <row>', points: [{ value: 1, color: 'red', interval: [0.5, 2] as const }] },
  { name: 'b', points: [{ value: 3, color: 'blue', title: '"quoted"' }] },
]

/** Where points stand, in per cent of the width. */
const places = (chart: string) => [...chart.matchAll(/cx="([\d.]+)%"/g)].map(([, at]) => Number(at))

describe('points with intervals', () => {
  it('stand between the ends of all that is shown', () => {
    const marks = [{ value: 5, name: 'asked', color: 'green' }]
    expect(endsOf(rows, { unit: '' })).toEqual([0.5, 3])
    expect(endsOf(rows, { unit: '', marks })).toEqual([0.5, 5])
    expect(endsOf(rows, { unit: '', from: 0, to: 4 })).toEqual([0, 4])
    expect(places(intervalChart('t', rows, { unit: '', from: 0, to: 4 }))).toEqual([26, 74])
  })

  it('keep to the chart where they lie beyond it, and on powers of ten where they are 0', () => {
    const beyond = [{ name: 'x', points: [-1, 0, 1e-4, 9].map((value) => ({ value, color: 'red' })) }]
    const axis = { unit: '', from: 1e-8, to: 1, isLogarithmic: true }
    expect(places(intervalChart('t', beyond, axis))).toEqual([2, 2, 50, 98])
  })

  it('have ends where there is one value or none', () => {
    const [low, high] = endsOf([rows[1]!], { unit: '' })
    expect(high).toBeGreaterThan(low)
    expect(endsOf([], { unit: '' })).toEqual([0, 1])
    const unknown = [{ name: 'x', points: [{ value: Number.NaN, color: 'red' }] }]
    expect(intervalChart('t', unknown, { unit: '' })).not.toMatch(/c?x\d?="NaN/)
  })

  it('take no text for markup', () => {
    const chart = intervalChart('<t>', rows, { unit: '<u>', legend: [{ name: '<l>', color: 'red' }] })
    expect(chart).not.toMatch(/<(t|u|l|row)>/)
    expect(chart).toContain('&quot;quoted&quot;')
  })
})

it('figures are short', () => {
  expect([0, 1.0312, 0.123_45, 12.345, 2e-5, 1_234_567, 0.5].map(shortFigure)).toEqual([
    ...['0', '1.031', '0.123', '12.3', '2e-5', '1.2e6', '0.5'],
  ])
})
