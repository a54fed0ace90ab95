import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fieldDisagreement } from '../../../shared/consensus/disagreement.ts'
import type { Preference } from '../../../shared/consensus/preference.ts'

const COUNT = 5

const preference = fc
  .record({
    a: fc.integer({ min: 0, max: COUNT - 1 }),
    b: fc.integer({ min: 0, max: COUNT - 1 }),
    winOfA: fc.constantFrom(0, 0.25, 0.5, 1),
    weight: fc.constantFrom(0, 0.4, 1),
  })
  .filter(({ a, b }) => a !== b)
const judge = fc.array(preference, { maxLength: 12 })
const judges = fc.array(judge, { maxLength: 6 })

const one = (a: number, b: number, winOfA: number): Preference => ({ a, b, winOfA, weight: 1 })
const flipped = ({ a, b, winOfA, weight }: Preference) => ({ a: b, b: a, winOfA: 1 - winOfA, weight })
const opposite = ({ winOfA, ...rest }: Preference) => ({ ...rest, winOfA: 1 - winOfA })

describe('disagreement in a field', () => {
  it('is 0 among those of one mind, 1 between opposites, ½ where halves stand against each other', () => {
    const said = [one(0, 1, 1), one(2, 1, 0), one(2, 3, 0.5)]
    expect(fieldDisagreement([said, said, said])).toBe(0)
    expect(fieldDisagreement([[one(0, 1, 1)], [one(0, 1, 0)]])).toBe(1)
    const halves = Array.from({ length: 100 }, (_, i) => [one(0, 1, i % 2)])
    expect(fieldDisagreement(halves)).toBeCloseTo(0.5 * (100 / 99), 9)
  })

  it('is the mean over pairs that two judges compared', () => {
    const [first, second] = [
      [one(0, 1, 1), one(1, 2, 1)],
      [one(1, 0, 1), one(1, 2, 1), one(0, 2, 1)],
    ]
    expect(fieldDisagreement([first, second])).toBe(0.5)
  })

  it('is unknown where nobody compared what another did', () => {
    expect(fieldDisagreement([])).toBeNull()
    expect(fieldDisagreement([[one(0, 1, 1)], [one(0, 2, 1)], []])).toBeNull()
    expect(fieldDisagreement([[one(0, 1, 1)], [{ ...one(0, 1, 1), weight: 0 }]])).toBeNull()
  })

  it('takes a judge that says A in both orders for one that is undecided', () => {
    const partial = [one(0, 1, 1), one(1, 0, 1)]
    expect(fieldDisagreement([partial, [one(0, 1, 0.5)]])).toBe(0)
    expect(fieldDisagreement([partial, [one(0, 1, 1)]])).toBe(0.25)
  })

  it('lies in [0, 1], whoever is asked first and whichever answer is shown first', () => {
    fc.assert(
      fc.property(judges, (all) => {
        const value = fieldDisagreement(all)
        if (value === null) return
        expect(value).toBeGreaterThanOrEqual(0)
        expect(value).toBeLessThanOrEqual(1)
        expect(fieldDisagreement([...all].reverse())).toBeCloseTo(value, 9)
        expect(fieldDisagreement(all.map((own) => own.map(flipped)))).toBeCloseTo(value, 9)
      }),
    )
  })

  it('grows by nobody who repeats the only other, and is the same when all change their minds', () => {
    fc.assert(
      fc.property(judge, judges, (own, others) => {
        expect(fieldDisagreement([own, own]) ?? 0).toBeCloseTo(0, 9)
        const all = [own, ...others]
        expect(fieldDisagreement(all.map((some) => some.map(opposite))) ?? 0).toBeCloseTo(
          fieldDisagreement(all) ?? 0,
          9,
        )
      }),
    )
  })
})
