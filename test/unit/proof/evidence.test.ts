import { describe, expect, it } from 'vitest'
import { decideReplay, FP32_MARGIN } from '../../../shared/proof/decision.ts'
import { decideMargins } from '../../../shared/proof/evidence/decide-margins.ts'
import { gatherEvidence } from '../../../shared/proof/evidence/evidence.ts'
import { FP32_MARGINS, NOISY_MARGINS } from '../../../shared/proof/evidence/parameters.ts'

const pair = { prover: 'cpu-q4/ort-1', verifier: 'cpu-fp32/ort-1' }
const parameters = { references: [0.25, 0.5], threshold: 2, clip: 1 }
const gather = (values: number[], positions?: number[]) =>
  gatherEvidence(values, 'margin', pair, parameters, positions)

describe('gatherEvidence', () => {
  it('is in units of the threshold, and names its pair', () => {
    expect(gather([0.75, 0, 0.5])).toEqual({
      statistic: 'margin',
      pair: 'cpu-q4/ort-1>cpu-fp32/ort-1',
      total: 0.25,
      rise: 0.25,
      end: 0.25,
      peak: 0.25,
    })
  })

  it('clips what is impossible, and lets no value make good more than k', () => {
    expect(gather([Number.POSITIVE_INFINITY])?.total).toBe(0.375)
    expect(gather([Number.NEGATIVE_INFINITY])?.total).toBe(-0.125)
  })

  it('has a reference for each 64 positions, and adds nothing behind the last', () => {
    expect(gather([1, 1, 1, 1], [63, 64, 127, 128])?.total).toBe(0.375 + 0.25 + 0.25)
    expect(gather(Array(200).fill(1))?.total).toBe(64 * 0.375 + 64 * 0.25)
  })

  it('says nothing of an uncalibrated pair, nor of what is not a number', () => {
    expect(gatherEvidence([5], 'margin', pair, undefined)).toBeUndefined()
    expect(gather([0, Number.NaN])).toBeUndefined()
  })
})

describe('decideMargins', () => {
  const decide = (margins: number[], chosen = NOISY_MARGINS) => decideMargins(margins, pair, chosen)

  it.each([
    ['accepts', [0, 1.8e-6, 0]],
    ['rejects', [0, 2e-4]],
    ['rejects', [Number.POSITIVE_INFINITY]],
    ['is unsure of', [0, Number.NaN]],
  ])('%s what the fp32 class does: %j', (_does, margins) => {
    const { verdict } = decideReplay(margins, FP32_MARGIN)
    expect(decide(margins, FP32_MARGINS).verdict).toBe(verdict)
  })

  it('lets a noisy class have margins, and rejects what they add up to', () => {
    expect(decide([0, 0.08, 0, 0])).toMatchObject({ verdict: 'accept', evidence: { total: 0.072 / 0.085 } })
    const cheat = decide([0, 0.08, 0, 0, 0.02])
    expect(cheat).toMatchObject({ verdict: 'reject', reason: /1\.0\d times .*cpu-q4/ })
    expect(cheat.evidence).toBeUndefined()
  })

  it('is inconclusive, with the reason, where nobody calibrated', () => {
    expect(decideMargins([0.5], pair, undefined)).toEqual({
      verdict: 'inconclusive',
      reason: 'margins of cpu-q4/ort-1>cpu-fp32/ort-1 are not calibrated',
    })
  })
})
