import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { roundHalfEven, weightsFromScores } from '../../../shared/chain/weights.ts'

const score = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constant(0),
  fc.integer({ min: 0, max: 1e9 }),
)
const scores = fc.uniqueArray(fc.record({ uid: fc.integer({ min: 0, max: 65_535 }), score }), {
  selector: ({ uid }) => uid,
  maxLength: 300,
})

describe('weights', () => {
  it('gives ascending uids, u16 weights above zero, and 65535 to the best', () => {
    fc.assert(
      fc.property(scores, (list) => {
        const { uids, weights } = weightsFromScores(list)
        expect(uids).toEqual([...new Set(uids)].sort((a, b) => a - b))
        expect(weights).toHaveLength(uids.length)
        for (const weight of weights)
          expect(Number.isInteger(weight) && weight > 0 && weight <= 65_535).toBe(true)
        const best = Math.max(0, ...list.map((entry) => entry.score))
        if (best === 0) expect(uids).toEqual([])
        else
          for (const { uid } of list.filter((entry) => entry.score === best)) {
            expect(weights[uids.indexOf(uid)]).toBe(65_535)
          }
      }),
    )
  })

  it('keeps the order of scores, and does not depend on the order of entries', () => {
    fc.assert(
      fc.property(scores, (list) => {
        const result = weightsFromScores(list)
        expect(weightsFromScores([...list].reverse())).toEqual(result)
        const weightOf = new Map(result.uids.map((uid, i) => [uid, result.weights[i] ?? 0]))
        const ranked = [...list].sort((a, b) => a.score - b.score)
        ranked.forEach(({ uid }, i) => {
          const before = ranked[i - 1]
          if (before) expect(weightOf.get(uid) ?? 0).toBeGreaterThanOrEqual(weightOf.get(before.uid) ?? 0)
        })
      }),
    )
  })

  it('does not change when all scores are scaled by a power of two', () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 20 }), (list, shift) => {
        const normal = list.filter((entry) => entry.score === 0 || entry.score > 1e-300)
        const scaled = normal.map(({ uid, score }) => ({ uid, score: score * 2 ** shift }))
        expect(weightsFromScores(scaled)).toEqual(weightsFromScores(normal))
      }),
    )
  })

  it('rounds a half to the even number, as Python does', () => {
    expect([0.5, 1.5, 2.5, 2.4999, 2.5001, 65_534.5].map(roundHalfEven)).toEqual([0, 2, 2, 2, 3, 65_534])
    // 0.5 * 65535 = 32767.5
    expect(
      weightsFromScores([
        { uid: 0, score: 1 },
        { uid: 1, score: 0.5 },
      ]).weights,
    ).toEqual([65_535, 32_768])
  })

  it.each([
    [{ uid: 1, score: Number.NaN }],
    [{ uid: 1, score: -0.1 }],
    [{ uid: 1, score: Number.POSITIVE_INFINITY }],
    [{ uid: 70_000, score: 1 }],
    [{ uid: 1.5, score: 1 }],
    [
      { uid: 0, score: 1 },
      { uid: 0, score: 2 },
    ],
  ])('refuses %j', (...entries) => {
    expect(() => weightsFromScores(entries)).toThrow(expect.objectContaining({ code: 'WEIGHTS_INVALID' }))
  })
})
