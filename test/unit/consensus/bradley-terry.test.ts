import { describe, expect, it } from 'vitest'
import { fieldQuality, fitBradleyTerry, standardErrors } from '../../../shared/consensus/bradley-terry.ts'
import { gradient } from '../../property/consensus/posterior.ts'

const win = (a: number, b: number, weight = 1) => ({ a, b, winOfA: 1, weight })
const tie = (a: number, b: number, weight = 1) => ({ a, b, winOfA: 0.5, weight })

describe('fitBradleyTerry', () => {
  it('gives strength 1 to items that were never compared', () => {
    expect([...fitBradleyTerry(3, []).strengths]).toEqual([1, 1, 1])
    expect([...fitBradleyTerry(0, []).strengths]).toEqual([])
  })

  it('solves one win of one item over another exactly', () => {
    // By symmetry π_b = 1/π_a; with x = π_a the stationary equation 1 − 2x/(1+x) + 1/(x²+1) = 0 is x³ − x² = 2.
    const [a, b] = fitBradleyTerry(2, [win(0, 1)]).strengths
    expect(a! ** 3 - a! ** 2).toBeCloseTo(2, 9)
    expect(a! * b!).toBeCloseTo(1, 9)
  })

  it('reads a tie as half a win each, and weights as repetitions', () => {
    expect(fitBradleyTerry(2, [tie(0, 1)]).strengths[0]).toBeCloseTo(1, 10)
    const heavy = fitBradleyTerry(3, [win(0, 1, 3), tie(1, 2, 2)]).strengths
    const often = fitBradleyTerry(3, [
      win(0, 1),
      win(0, 1),
      win(0, 1),
      win(1, 2),
      { a: 1, b: 2, winOfA: 0, weight: 1 },
    ]).strengths
    heavy.forEach((strength, i) => {
      expect(strength).toBeCloseTo(often[i]!, 9)
    })
  })

  it('finds the skills behind many games', () => {
    const skills = [-1, 0, 0.5, 2]
    const games = skills.flatMap((mine, a) =>
      skills.flatMap((theirs, b) =>
        a < b ? [{ a, b, winOfA: 1 / (1 + Math.exp(theirs - mine)), weight: 1e5 }] : [],
      ),
    )
    const logs = Array.from(fitBradleyTerry(4, games).strengths, Math.log)
    skills.forEach((skill, i) => {
      expect(logs[i]! - logs[0]!).toBeCloseTo(skill - skills[0]!, 3)
    })
  })

  it('settles a long chain with heavy weights, where one sweep moves news by one item', () => {
    const chain = Array.from({ length: 255 }, (_, i) => ({ a: i, b: i + 1, winOfA: 0.6, weight: 500 }))
    const logs = Array.from(fitBradleyTerry(256, chain).strengths, Math.log)
    for (const slope of gradient(logs, chain)) expect(Math.abs(slope)).toBeLessThan(1e-7)
    expect(logs[0]).toBeCloseTo(-logs[255]!, 7)
  })

  it.each([
    ['an index outside the field', win(0, 2)],
    ['an item against itself', win(1, 1)],
    ['a negative weight', win(0, 1, -1)],
    ['a weight that is not a number', win(0, 1, Number.NaN)],
    ['more than a win', { a: 0, b: 1, winOfA: 1.1, weight: 1 }],
  ])('refuses %s', (_, preference) => {
    expect(() => fitBradleyTerry(2, [preference])).toThrow(
      expect.objectContaining({ code: 'PREFERENCE_INVALID' }),
    )
  })
})

describe('standardErrors', () => {
  it('is the prior alone without comparisons: information 1/2, so √2', () => {
    const errors = standardErrors(fitBradleyTerry(2, []), [])
    expect(errors[0]).toBeCloseTo(Math.SQRT2, 10)
  })

  it('inverts the two-item information exactly', () => {
    const games = [tie(0, 1, 12)]
    const errors = standardErrors(fitBradleyTerry(2, games), games)
    // Information [[3.5, −3], [−3, 3.5]]: determinant 3.25.
    expect(errors[1]).toBeCloseTo(Math.sqrt(3.5 / 3.25), 9)
  })

  it('shrinks with more comparisons', () => {
    const of = (weight: number) => {
      const games = [tie(0, 1, weight), tie(1, 2, weight)]
      return standardErrors(fitBradleyTerry(3, games), games)[1]!
    }
    expect(of(10)).toBeLessThan(of(1))
  })
})

describe('fieldQuality', () => {
  it('is the mean chance of beating the others', () => {
    const [best, middle] = fieldQuality(Float64Array.of(3, 1, 1))
    expect(best).toBeCloseTo(0.75, 12)
    expect(middle).toBeCloseTo((0.25 + 0.5) / 2, 12)
  })

  it('is one half for an answer alone', () => {
    expect([...fieldQuality(Float64Array.of(7))]).toEqual([0.5])
  })
})
