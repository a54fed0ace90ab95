import { describe, expect, it } from 'vitest'
import {
  addJudgements,
  countGoldPairs,
  judgeAccuracy,
  judgeWeight,
} from '../../../shared/consensus/judge-reliability.ts'
import { likelihoodPreferences } from '../../../shared/consensus/pairs.ts'
import { averagePreferences, voiceOf, weighJudgements } from '../../../shared/consensus/voice.ts'

const prefer = (a: number, b: number, winOfA: number, weight = 1) => ({ a, b, winOfA, weight })

describe('likelihoodPreferences', () => {
  it('lets the higher score win beyond epsilon, and ties up to it', () => {
    const pairs = likelihoodPreferences([-1, -1.25, -2], 0.25)
    expect(pairs.map(({ a, b, winOfA }) => [a, b, winOfA])).toEqual([
      [0, 1, 0.5],
      [0, 2, 1],
      [1, 2, 1],
    ])
  })

  it('weighs a field of n as the n − 1 contrasts that n numbers hold', () => {
    for (const n of [2, 5, 40]) {
      const pairs = likelihoodPreferences(
        Array.from({ length: n }, (_, i) => -i),
        0,
      )
      expect(pairs).toHaveLength((n * (n - 1)) / 2)
      expect(pairs.reduce((sum, pair) => sum + pair.weight, 0)).toBeCloseTo(n - 1, 9)
    }
  })

  it('leaves out answers that the judge did not score', () => {
    expect(likelihoodPreferences([-1, null, -2], 0).map(({ a, b }) => [a, b])).toEqual([[0, 2]])
    expect(likelihoodPreferences([null, -2], 0)).toEqual([])
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses a score of %s', (score) => {
    expect(() => likelihoodPreferences([-1, score], 0)).toThrow(
      expect.objectContaining({ code: 'JUDGE_SCORE_INVALID' }),
    )
  })
})

describe('countGoldPairs', () => {
  it('counts unequal pairs only, a tie as half right', () => {
    const correct = [true, false, false, true, null]
    const counts = countGoldPairs(
      [
        prefer(0, 1, 1), // right
        prefer(1, 3, 1), // wrong
        prefer(2, 3, 0.5), // half
        prefer(1, 2, 1), // both wrong: equal
        prefer(0, 3, 0), // both right: equal
        prefer(0, 4, 1), // unknown
      ],
      correct,
    )
    expect(counts).toEqual({ right: 1.5, wrong: 1.5 })
  })

  it('counts a pair by its weight', () => {
    expect(countGoldPairs([prefer(0, 1, 0, 0.25)], [true, false])).toEqual({ right: 0, wrong: 0.25 })
  })
})

describe('reliability', () => {
  it('starts at chance, where the weight is 0', () => {
    expect(judgeAccuracy({ right: 0, wrong: 0 }, 2)).toBe(0.5)
    expect(judgeWeight(0.5)).toBe(0)
  })

  it('is the log odds above chance, and never negative', () => {
    expect(judgeWeight(0.9)).toBeCloseTo(Math.log(9), 12)
    expect(judgeWeight(0.1)).toBe(0)
  })

  it('halves old evidence after the half-life, and only in rounds with evidence', () => {
    let counts = { right: 100, wrong: 0 }
    for (let round = 0; round < 30; round++) counts = addJudgements(counts, { right: 0, wrong: 1e-9 }, 30)
    expect(counts.right).toBeCloseTo(50, 6)
    expect(addJudgements(counts, { right: 0, wrong: 0 }, 30)).toEqual(counts)
  })
})

describe('voices', () => {
  it('is one voice for one model and method', () => {
    const judge = { model: 'aa', method: 'likelihood' } as const
    expect(voiceOf(judge)).toBe(voiceOf({ ...judge }))
    expect(voiceOf(judge)).not.toBe(voiceOf({ model: 'aa', method: 'prompted' }))
    expect(voiceOf(judge)).not.toBe(voiceOf({ model: 'bb', method: 'likelihood' }))
  })

  it('weighs ten equal judges of one voice like one', () => {
    const judgement = { voice: 'v', preferences: [prefer(0, 1, 1, 0.5), prefer(2, 1, 0.5)] }
    const one = weighJudgements([judgement], () => 2)
    expect(one.map(({ weight }) => weight)).toEqual([1, 2])
    expect(weighJudgements(new Array(10).fill(judgement), () => 2)).toEqual(one)
  })

  it('averages judges that differ, whichever way round they name a pair', () => {
    expect(averagePreferences([[prefer(0, 1, 1, 3)], [prefer(1, 0, 1, 1)]])).toEqual([prefer(0, 1, 0.75, 2)])
  })

  it('averages both orders of one judge without losing one', () => {
    expect(averagePreferences([[prefer(0, 1, 1), prefer(1, 0, 1)]])).toEqual([prefer(0, 1, 0.5, 2)])
  })

  it('keeps voices apart and silences those without weight', () => {
    const judgements = [
      { voice: 'good', preferences: [prefer(0, 1, 1)] },
      { voice: 'unknown', preferences: [prefer(0, 1, 0)] },
    ]
    const weighed = weighJudgements(judgements, (voice) => (voice === 'good' ? 1.5 : 0))
    expect(weighed).toEqual([prefer(0, 1, 1, 1.5)])
  })
})
