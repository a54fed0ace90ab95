import { describe, expect, test } from 'vitest'
import type { LadderField } from '../../../shared/consensus/ladder/field.ts'
import { medoid, reliabilityWeightedMedoid } from '../../../shared/consensus/ladder/medoids.ts'
import { bradleyTerry, crowdBt, plainBradleyTerry, swarm } from '../../../shared/consensus/ladder/ranking.ts'
import {
  answerWeights,
  first,
  majority,
  reliabilityWeightedMajority,
} from '../../../shared/consensus/ladder/voting.ts'
import type { Preference } from '../../../shared/consensus/preference.ts'

function field(results: readonly string[], change: Partial<LadderField> = {}): LadderField {
  return {
    results,
    reliability: results.map(() => 0.5),
    similarity: (i, j) => Number(results[i] === results[j]),
    judgements: [],
    weightOf: () => 1,
    ...change,
  }
}

const win = (a: number, b: number, weight = 1): Preference => ({ a, b, winOfA: 1, weight })

describe('a rung of the ladder', () => {
  test('takes the first of equals', () => {
    const nothingKnown = field(['7', '8', '9'])
    for (const rung of [first, majority, medoid, reliabilityWeightedMajority, plainBradleyTerry, crowdBt])
      expect(rung(nothingKnown)).toBe(0)
  })

  test('refuses a field without answers', () => {
    for (const rung of [first, majority, bradleyTerry])
      expect(() => rung(field([]))).toThrow('without answers')
  })
})

describe('votes', () => {
  test('go to the result that most share', () => {
    expect(majority(field(['7', '8', '8', '9']))).toBe(1)
  })

  test('count by what gold says of who cast them', () => {
    const reliability = [0.3, 0.3, 0.3, 0.95]
    expect(majority(field(['7', '7', '7', '8'], { reliability }))).toBe(0)
    expect(reliabilityWeightedMajority(field(['7', '7', '7', '8'], { reliability }))).toBe(3)
  })

  test('of the mostly wrong say something where wrong results scatter, and nothing between two', () => {
    expect(answerWeights({ results: ['7', '8'], reliability: [0.3, 0.9] })).toEqual([0, Math.log(9)])
    const scattered = answerWeights({
      results: ['1', '2', '3', '4', '5'],
      reliability: [0.3, 0.3, 0.3, 0.3, 0.3],
    })
    expect(scattered[0]).toBeCloseTo(Math.log((4 * 0.3) / 0.7))
  })
})

describe('medoids', () => {
  const place = [0, 1, 2, 9, 9.5]
  const onALine = (i: number, j: number) => 1 - Math.abs(place[i]! - place[j]!) / 10

  test('lie in the middle', () => {
    expect(medoid(field(['a', 'b', 'c', 'd', 'e'], { similarity: onALine }))).toBe(2)
  })

  test('lie near those who are known to be right', () => {
    const reliability = [0.1, 0.1, 0.1, 0.99, 0.99]
    expect(
      reliabilityWeightedMedoid(field(['a', 'b', 'c', 'd', 'e'], { similarity: onALine, reliability })),
    ).toBe(3)
  })
})

describe('the weighted medoid', () => {
  test('is none that only comes near to those with evidence', () => {
    const alike = (i: number, j: number) => ((i === 0) === (j === 0) ? 1 : 0.8)
    const nearMiss = { similarity: alike, reliability: [0.3, 0.95, 0.95, 0.95] }
    expect(reliabilityWeightedMedoid(field(['805', '885', '885', '885'], nearMiss))).toBe(1)
  })
})

describe('Bradley-Terry', () => {
  const judgements = [
    { voice: 'weak', preferences: [win(0, 1), win(0, 2)] },
    { voice: 'weak too', preferences: [win(0, 1), win(0, 2)] },
    { voice: 'able', preferences: [win(1, 0), win(1, 2)] },
  ]

  test('follows most verdicts, or those that gold gives weight', () => {
    expect(plainBradleyTerry(field(['7', '8', '9'], { judgements }))).toBe(0)
    const weightOf = (voice: string) => (voice === 'able' ? 3 : 0.1)
    expect(bradleyTerry(field(['7', '8', '9'], { judgements, weightOf }))).toBe(1)
  })

  test('a voice says no more where more judges speak with it', () => {
    const loud = [...Array.from({ length: 9 }, () => judgements[0]!), judgements[2]!]
    const weightOf = (voice: string) => (voice === 'able' ? 2 : 1)
    expect(bradleyTerry(field(['7', '8', '9'], { judgements: loud, weightOf }))).toBe(1)
  })

  test('ranks an answer that nobody was shown with the one that comes to its result', () => {
    const shown = [{ voice: 'able', preferences: [win(1, 0)] }]
    expect(bradleyTerry(field(['7', '8', '7'], { judgements: shown }))).toBe(1)
    const within = [{ voice: 'able', preferences: [win(2, 0, 9), win(1, 0)] }]
    expect(bradleyTerry(field(['7', '8', '7'], { judgements: within }))).toBe(1)
  })
})

describe('the swarm', () => {
  const reliability = [0.9, 0.9, 0.9, 0.8]

  test('adds what answerers chose to what judges say', () => {
    const doubtful = [{ voice: 'fair', preferences: [win(3, 0)] }]
    const weighed = { judgements: doubtful, reliability, weightOf: () => 0.5 }
    expect(bradleyTerry(field(['7', '7', '7', '8'], weighed))).toBe(3)
    expect(swarm(field(['7', '7', '7', '8'], weighed))).toBe(0)
    expect(swarm(field(['7', '7', '7', '8'], { ...weighed, weightOf: () => 20 }))).toBe(3)
  })

  test('takes both orders of a pair for one comparison', () => {
    const said = (preferences: Preference[]) => [{ voice: 'fair', preferences }]
    const weighed = { reliability: [0.9, 0.8], weightOf: () => 0.7 }
    const once = field(['7', '8'], { ...weighed, judgements: said([win(1, 0)]) })
    const twice = field(['7', '8'], { ...weighed, judgements: said([win(1, 0), win(1, 0)]) })
    expect([swarm(once), swarm(twice)]).toEqual([0, 0])
  })

  test('hears miners of one model as less than two that differ, however many they are', () => {
    const equal = { reliability: [0.9, 0.9, 0.9, 0.97] }
    expect(swarm(field(['7', '7', '7', '8'], equal))).toBe(0)
    expect(swarm(field(['7', '7', '7', '8'], { ...equal, answerVoices: ['s', 's', 's', 'b'] }))).toBe(3)
    const many = Array.from({ length: 40 }, () => '7')
    const crowd = { reliability: [...many.map(() => 0.9), 0.99], answerVoices: [...many.map(() => 's'), 'b'] }
    expect(swarm(field([...many, '8'], crowd))).toBe(40)
  })
})
