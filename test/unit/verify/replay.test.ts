import { describe, expect, it } from 'vitest'
import { decideTokens, replayTolerance } from '../../../shared/verify/replay.ts'
import { plainPair, storedCalibration } from '../../support/calibration.ts'
import { testModel } from '../../support/participants.ts'

const [FP32, Q4] = ['cpu-fp32/test', 'cpu-q4b32a8/test']
const evidence = {
  answersPerAlarm: 1e6,
  margin: { references: [0.002, 0.004], threshold: 0.1, clip: 0.5 },
}
const { hash } = testModel
const calibrations = new Map([
  [hash, storedCalibration(hash, [plainPair(FP32!), plainPair(Q4!, { tolerance: 0.7, evidence })])],
])
const parts = { calibrations, tolerance: 1e-4 }
const pair = (executionClass: string, model = hash) => ({
  ...{ prover: executionClass, verifier: executionClass, model },
})
const decide = (margins: number[], executionClass = Q4!, promptTokens = 10) =>
  decideTokens({ margins: Float64Array.from(margins), promptTokens }, parts, pair(executionClass))

describe('a replay between classes that compute exactly alike', () => {
  it('rejects by one margin, and adds up what lies below it', () => {
    expect(decide([0, 2e-4], FP32)).toMatchObject({ verdict: 'reject', reason: /token 1/ })
    expect(decide([0, 5e-5], FP32)).toMatchObject({
      verdict: 'accept',
      evidence: { end: expect.closeTo(0.49) },
    })
  })

  it('needs no calibration for that, and leaves no evidence without one', () => {
    const bare = { ...parts, calibrations: new Map() }
    const decided = (margin: number) =>
      decideTokens({ margins: Float64Array.of(margin), promptTokens: 1 }, bare, pair(FP32!))
    expect(decided(2e-4).verdict).toBe('reject')
    expect(decided(5e-5)).toEqual({ verdict: 'accept', reason: '' })
  })
})

describe('a replay in a noisy class', () => {
  it('takes no single margin for proof, nor one that is impossible, but what they add up to', () => {
    expect(decide([0, 0.09, 0, 0])).toMatchObject({ verdict: 'accept' })
    // Clipped: in an answer that is honest otherwise it stays below five times the threshold.
    expect(decide([Number.POSITIVE_INFINITY, 0, 0])).toMatchObject({
      verdict: 'reject',
      reason: /4\.98 times/,
    })
    expect(decide([0.05, 0.05, 0.05])).toMatchObject({ verdict: 'reject', reason: /1\.44 times/ })
  })

  it('places tokens by the prompt that they follow', () => {
    const [early, late] = [decide([0.09]), decide([0.09], Q4, 64 + 1)]
    expect(early.evidence?.end).toBeCloseTo(0.88, 12)
    expect(late.evidence?.end).toBeCloseTo(0.86, 12)
    expect(decide([0, 0], Q4, 128)).toMatchObject({ verdict: 'inconclusive', reason: /1 of 2 tokens/ })
  })

  it('decides nothing without a calibration of this pair, of this model', () => {
    const verdicts = [pair('cpu-q4b64a8/test'), pair(Q4!, `0x${'cd'.repeat(32)}`)].map((of) =>
      decideTokens({ margins: Float64Array.of(9), promptTokens: 1 }, parts, of),
    )
    for (const { verdict } of verdicts) expect(verdict).toBe('inconclusive')
  })

  it('forgives flips at the edge of top-k and top-p within what was measured', () => {
    expect(replayTolerance(parts, pair(FP32!))).toBe(1e-4)
    expect(replayTolerance(parts, pair(Q4!))).toBe(0.7)
    expect(replayTolerance(parts, pair('cpu-q4b64a8/test'))).toBe(1e-4)
  })
})
