import { describe, expect, it } from 'vitest'
import { accountFor } from '../../../scripts/bench/endure/soak/account.ts'
import { isFlat, type Look, trendOf } from '../../../scripts/bench/endure/soak/slope.ts'

const looks = (value: (at: number) => number, count = 60): Look[] =>
  Array.from({ length: count }, (_, at) => [at * 10_000, value(at)])

describe('the trend of what a process holds', () => {
  it('is the growth from first to last, whatever peaks lie between', () => {
    const trend = trendOf(
      looks((at) => 100 + at + (at % 7 === 0 ? 500 : 0)),
      10,
    )!
    expect(trend.growth).toBeGreaterThan(55)
    expect(trend.growth).toBeLessThan(63)
  })

  it('is none of a saw that comes back to where it was', () => {
    const trend = trendOf(
      looks((at) => 100 + 10 * (at % 6)),
      10,
    )!
    expect(Math.abs(trend.growth)).toBeLessThan(5)
    expect(isFlat(trend, 0.1, 5)).toBe(true)
  })

  it('tells a slow leak', () => {
    expect(
      isFlat(
        trendOf(
          looks((at) => 100 + 0.4 * at),
          10,
        )!,
        0.1,
        5,
      ),
    ).toBe(false)
  })

  it('says nothing of too short a life', () => {
    expect(
      trendOf(
        looks((at) => at, 5),
        10,
      ),
    ).toBeUndefined()
  })
})

describe('the account of rounds', () => {
  const log = [
    { round: 4, msg: 'round opened' },
    { round: 4, msg: 'round failed' },
    { round: 5, msg: 'round skipped' },
    { round: 6, msg: 'round opened' },
  ]

  it('tells what was settled, what the log explains, and what nobody explains', () => {
    expect(accountFor(2, 7, [2, 3, 7], log)).toEqual({
      due: 6,
      settled: 3,
      told: { 'round failed': 1, 'round skipped': 1 },
      // It was opened, and nothing says how it ended.
      unaccounted: [6],
      twice: [],
    })
  })

  it('finds rounds that were settled twice', () => {
    expect(accountFor(2, 3, [2, 3, 3], []).twice).toEqual([3])
  })
})
