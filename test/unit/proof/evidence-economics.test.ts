import { describe, expect, it } from 'vitest'
import {
  answersUntil,
  auditedShare,
  type CheatTerms,
  cheatGain,
  cheatProfit,
  detectionWithin,
  honestProfit,
  leastAuditRate,
  leastRateForAnyPlan,
  openingBytes,
  pathNodes,
  pospBound,
  proofBytes,
} from '../../../shared/proof/evidence/economics.ts'

// One answer a round, found in one round of two.
const terms: CheatTerms = {
  auditRate: 0.5,
  detection: 1,
  answersPerRound: 1,
  penaltyRounds: 2,
  reward: 10,
  honestCost: 4,
  cheatCost: 1,
  slash: 3,
}

describe('detection', () => {
  it('is that of at least one success', () => {
    expect(detectionWithin(0.5, 3)).toBeCloseTo(0.875, 12)
    expect(detectionWithin(1, 1)).toBe(1)
    expect(detectionWithin(0, 1000)).toBeCloseTo(0, 12)
    expect(detectionWithin(1e-12, 10)).toBeCloseTo(1e-11, 18)
  })

  it('says how many answers a confidence takes', () => {
    expect(answersUntil(0.5, 0.875)).toBe(3)
    expect(answersUntil(0.5, 0.88)).toBe(4)
    expect(answersUntil(0.03, 0.99)).toBe(152)
    expect(answersUntil(1, 0.999)).toBe(1)
    expect(answersUntil(0, 0.5)).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('a cheat over some rounds', () => {
  it('is worth what the tree of its outcomes says', () => {
    // One round: −1 + ½·10 + ½·(−3) = 2.5.
    expect(cheatProfit(terms, 1)).toBeCloseTo(2.5, 12)
    // Two: −1 + ½·(10 + 2.5) + ½·(0 − 3), the second round lying in the penalty.
    expect(cheatProfit(terms, 2)).toBeCloseTo(3.75, 12)
    // Three: −1 + ½·(10 + 3.75) + ½·(2.5 − 3).
    expect(cheatProfit(terms, 3)).toBeCloseTo(5.625, 12)
    expect(honestProfit(terms, 3)).toBe(18)
    expect(cheatGain(terms, 3)).toBeCloseTo(-12.375, 12)
  })

  it('is found by any answer of a round', () => {
    // Q = 1 − ½² = ¾: −2 + ¼·10 + ¾·(−3).
    expect(cheatProfit({ ...terms, answersPerRound: 2 }, 1)).toBeCloseTo(-1.75, 12)
  })

  it('earns and saves undisturbed without audits', () => {
    expect(cheatGain({ ...terms, auditRate: 0 }, 5)).toBeCloseTo(15, 12)
  })
})

describe('least audit rates', () => {
  it('are where the gain is 0, by hand in one round', () => {
    // 3 saved against p·(10 + 3).
    expect(leastAuditRate(terms, 1)).toBeCloseTo(3 / 13, 12)
    expect(leastAuditRate({ ...terms, detection: 0.5 }, 1)).toBeCloseTo(6 / 13, 12)
    expect(leastRateForAnyPlan(terms)).toBeCloseTo(3 / 13, 12)
    // Two answers: Q = 1 − (1 − p)² = 6/13.
    expect(leastRateForAnyPlan({ ...terms, answersPerRound: 2 })).toBeCloseTo(1 - Math.sqrt(7 / 13), 12)
  })

  it('are lower over many rounds for a cheat that always cheats, as its penalties lie ahead', () => {
    const many = leastAuditRate(terms, 50)!
    expect(many).toBeLessThan(0.7 * leastRateForAnyPlan(terms)!)
    expect(cheatGain({ ...terms, auditRate: many * 1.01 }, 50)).toBeLessThan(0)
    expect(cheatGain({ ...terms, auditRate: many * 0.99 }, 50)).toBeGreaterThan(0)
  })

  it('make every plan lose: the best choice of answers in each round is none', () => {
    const found = leastRateForAnyPlan({ ...terms, answersPerRound: 4, honestCost: 2, cheatCost: 1 })!
    for (const [q, pays] of [
      [found * 1.001, false],
      [found * 0.98, true],
    ] as const) {
      const best = [0]
      for (let left = 1; left <= 30; left++) {
        const values = [0, 1, 2, 3, 4].map((cheated) => {
          const Q = detectionWithin(q, cheated)
          const penalised = best[Math.max(0, left - 2)]! - 3
          return (1 - Q) * (10 + best[left - 1]!) + Q * penalised - cheated - (4 - cheated) * 2
        })
        best.push(Math.max(...values))
      }
      expect(best[30]! > 30 * 2 + 1e-9).toBe(pays)
    }
  })

  it('do not exist where nothing is found, or nothing is lost', () => {
    expect(leastAuditRate({ ...terms, detection: 0 }, 5)).toBeUndefined()
    expect(leastAuditRate({ ...terms, detection: 0.2 }, 1)).toBeUndefined()
    expect(leastRateForAnyPlan({ ...terms, detection: 0.2 })).toBeUndefined()
  })
})

describe('pospBound', () => {
  it('is C / [(1 − r)·S + (1 − 2r)·R]', () => {
    expect(pospBound(1, 10, 2, 0)).toBeCloseTo(1 / 12, 12)
    expect(pospBound(1, 10, 2, 0.25)).toBeCloseTo(1 / 8.5, 12)
    expect(pospBound(1, 0, 2, 0.5)).toBe(Number.POSITIVE_INFINITY)
  })

  it('is where fraud and honesty pay the same in one answer', () => {
    const [C, S, R, r] = [0.3, 5, 2, 0.1]
    const p = pospBound(C, S, R, r)
    const fraud = (1 - p) * R + p * (r * 2 * R - (1 - r) * S)
    expect(fraud).toBeCloseTo(R - C, 12)
  })
})

describe('the cost of auditing', () => {
  const traffic = { organic: 32, scored: 1, auditRate: 0.03 }
  const shape = { tokens: 512, leafTokens: 4, sketchBytes: 32, openings: 2 }

  it('is that of 1.96 answers in 33', () => {
    expect(auditedShare(traffic)).toBeCloseTo(1.96 / 33, 12)
    expect(auditedShare({ ...traffic, organic: 0 })).toBe(1)
  })

  it('counts two leaves of 128 bytes and two paths of seven nodes where an answer is audited', () => {
    expect(pathNodes(shape)).toBe(7)
    expect(openingBytes(shape)).toBe(704)
    expect(proofBytes(traffic, shape)).toBeCloseTo(64 + (704 * 1.96) / 33, 9)
    expect(pathNodes({ ...shape, tokens: 3 })).toBe(0)
    expect(pathNodes({ ...shape, tokens: 513 })).toBe(8)
  })
})
