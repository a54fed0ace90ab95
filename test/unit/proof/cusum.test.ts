import { describe, expect, it } from 'vitest'
import { applyStretch, stepCusum, summariseStretch } from '../../../shared/proof/cusum.ts'

describe('stepCusum', () => {
  it('adds what is above the reference and never falls below 0', () => {
    let sum = 0
    const sums = [3, 1, 0, 0, 5].map((value) => {
      sum = stepCusum(sum, value, 2)
      return sum
    })
    expect(sums).toEqual([1, 0, 0, 0, 3])
  })
})

describe('a stretch', () => {
  it('keeps four numbers of its increments', () => {
    expect(summariseStretch([1, -4, 2, 3, -1])).toEqual({ total: 1, rise: 2, end: 4, peak: 5 })
    expect(summariseStretch([])).toEqual({ total: 0, rise: 0, end: 0, peak: 0 })
  })

  it('does to a small sum what its floor allows, and to a large one what its total says', () => {
    const stretch = summariseStretch([1, -4, 2, 3, -1])
    expect(applyStretch(0, stretch)).toEqual({ sum: 4, peak: 5 })
    expect(applyStretch(2, stretch)).toEqual({ sum: 4, peak: 5 })
    expect(applyStretch(10, stretch)).toEqual({ sum: 11, peak: 12 })
  })
})
