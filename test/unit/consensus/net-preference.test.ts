import { describe, expect, it } from 'vitest'
import {
  addNetPreference,
  countEqualPairs,
  netPreferenceZ,
} from '../../../shared/consensus/net-preference.ts'

const wins = (a: number, b: number, winOfA = 1, weight = 1) => ({ a, b, winOfA, weight })

describe('countEqualPairs', () => {
  it('counts pairs that are both right or both wrong, for one side and against the other; no ties', () => {
    const correct = [true, true, false, false, null]
    const preferences = [wins(0, 1), wins(1, 0, 0), wins(2, 3, 0.5), wins(0, 2), wins(3, 4), wins(4, 0)]
    expect(countEqualPairs(preferences, correct)).toEqual([
      { net: 2, count: 2 },
      { net: -2, count: 2 },
      { net: 0, count: 0 },
      { net: 0, count: 0 },
      { net: 0, count: 0 },
    ])
  })

  it('goes by weight', () => {
    expect(countEqualPairs([wins(0, 1, 0.75, 0.5)], [false, false])).toEqual([
      { net: 0.25, count: 0.5 },
      { net: -0.25, count: 0.5 },
    ])
  })
})

describe('netPreferenceZ', () => {
  it('is the net preference in standard deviations of as many fair coins', () => {
    expect(netPreferenceZ({ net: 10, count: 25 })).toBe(2)
    expect(netPreferenceZ({ net: -10, count: 25 })).toBe(-2)
    expect(netPreferenceZ({ net: 0, count: 0 })).toBe(0)
  })
})

describe('addNetPreference', () => {
  it('halves what is a half-life old', () => {
    let kept = { net: 8, count: 16 }
    for (let round = 0; round < 30; round++) kept = addNetPreference(kept, { net: 0, count: 0 }, 30)
    expect(kept.net).toBeCloseTo(4, 12)
    expect(kept.count).toBeCloseTo(8, 12)
  })
})
