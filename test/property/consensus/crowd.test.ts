import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitBradleyTerry } from '../../../shared/consensus/bradley-terry.ts'
import { fitCrowd, type JudgedAnswers } from '../../../shared/consensus/ladder/crowd.ts'
import type { Preference } from '../../../shared/consensus/preference.ts'
import { seededRandom } from '../../../shared/inference/random.ts'

const COUNT = 6
const VOICES = ['one', 'two', 'three']

const fields: fc.Arbitrary<JudgedAnswers[]> = fc.array(
  fc.record({
    count: fc.constant(COUNT),
    judgements: fc.array(
      fc.record({
        voice: fc.constantFrom(...VOICES),
        preferences: fc.array(
          fc
            .record({
              a: fc.nat(COUNT - 1),
              b: fc.nat(COUNT - 1),
              winOfA: fc.constantFrom(0, 0.5, 1),
              weight: fc.constantFrom(0.5, 1, 2),
            })
            .filter(({ a, b }) => a !== b),
          { minLength: 1, maxLength: 12 },
        ),
      }),
      { maxLength: 4 },
    ),
  }),
  { minLength: 1, maxLength: 4 },
)

/** Fields in which the higher index is the better answer; each voice judges every pair, and is right with its probability. */
function simulate(seed: number, accuracy: Readonly<Record<string, number>>): JudgedAnswers[] {
  const random = seededRandom(seed)
  const pairs = Array.from({ length: COUNT }, (_, b) =>
    Array.from({ length: b }, (_, a) => ({ a, b })),
  ).flat()
  return Array.from({ length: 40 }, () => ({
    count: COUNT,
    judgements: Object.entries(accuracy).map(([voice, right]) => ({
      voice,
      preferences: pairs.map(
        (pair): Preference => ({ ...pair, winOfA: random() < right ? 0 : 1, weight: 1 }),
      ),
    })),
  }))
}

describe('fitCrowd', () => {
  it('never steps downhill', () => {
    fc.assert(
      fc.property(fields, (some) => {
        const { posterior } = fitCrowd(some, { maxSteps: 30 })
        posterior.slice(1).forEach((value, i) => {
          expect(value).toBeGreaterThanOrEqual(posterior[i]! - 1e-7)
        })
      }),
      { numRuns: 60 },
    )
  })

  it('gives strengths that are those of Bradley and Terry where all verdicts are taken for honest', () => {
    fc.assert(
      fc.property(fields, ([some]) => {
        const { strengths } = fitCrowd([some!], { start: 1 - 1e-12, prior: 1e12, maxSteps: 1 })
        const preferences = some!.judgements.flatMap((judgement) => judgement.preferences)
        const isAlone = new Set(some!.judgements.map(({ voice }) => voice)).size === some!.judgements.length
        fc.pre(isAlone && noPairTwice(some!))
        fitBradleyTerry(COUNT, preferences).strengths.forEach((strength, i) => {
          expect(Math.log(strengths[0]![i]! / strength)).toBeCloseTo(0, 6)
        })
      }),
      { numRuns: 40 },
    )
  })

  it('finds who is able, who guesses and who inverts, without any truth', () => {
    const fit = fitCrowd(simulate(1, { able: 0.95, fair: 0.8, guesser: 0.5, inverter: 0.1 }))
    const of = (voice: string) => fit.reliability.get(voice)!
    expect(of('able')).toBeGreaterThan(of('fair'))
    expect(of('fair')).toBeGreaterThan(of('guesser'))
    expect(of('guesser')).toBeGreaterThan(of('inverter'))
    expect(of('inverter')).toBeLessThan(0.3)
    const best = fit.strengths.filter((strengths) => Math.max(...strengths) === strengths[COUNT - 1])
    expect(best.length / fit.strengths.length).toBeGreaterThan(0.8)
  })

  it('is turned around where most invert, which is why gold weighs judges and not agreement', () => {
    const fit = fitCrowd(simulate(2, { able: 0.9, one: 0.1, two: 0.1, three: 0.1 }))
    expect(fit.reliability.get('able')!).toBeLessThan(0.5)
    expect(fit.reliability.get('one')!).toBeGreaterThan(0.5)
  })
})

function noPairTwice({ judgements }: JudgedAnswers): boolean {
  return judgements.every(({ preferences }) => {
    const pairs = preferences.map(({ a, b }) => [Math.min(a, b), Math.max(a, b)].join())
    return new Set(pairs).size === pairs.length
  })
}
