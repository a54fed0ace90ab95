import { describe, expect, it } from 'vitest'
import { decideReplay, FP32_MARGIN } from '../../../shared/proof/decision.ts'
import { decideMargins } from '../../../shared/proof/evidence/decide-margins.ts'
import { gatherEvidence } from '../../../shared/proof/evidence/evidence.ts'
import { isExactPair, placedFrom } from '../../../shared/proof/evidence/parameters.ts'

const pair = { prover: 'cpu-q4/ort-1', verifier: 'cpu-fp32/ort-1' }
const parameters = { references: [0.25, 0.5], threshold: 2, clip: 1 }
/** As fp32 on the CPU and 4-bit weights with 8-bit activations were measured on a 0.74 M model. */
const EXACT = { references: Array(7).fill(1e-6), threshold: 1e-4, clip: 0.5 }
const NOISY = { references: [0.002, 0.002], threshold: 0.085, clip: 0.5 }

const gather = (values: number[], positions?: number[]) =>
  gatherEvidence(
    positions === undefined ? placedFrom(0, values) : { values, positions },
    'margin',
    pair,
    parameters,
  )

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
    expect(gatherEvidence(placedFrom(0, [5]), 'margin', pair, undefined)).toBeUndefined()
    expect(gather([0, Number.NaN])).toBeUndefined()
  })
})

describe('decideMargins', () => {
  const decide = (margins: number[], chosen = NOISY) => decideMargins(placedFrom(0, margins), pair, chosen)

  it.each([
    ['accepts', [0, 1.8e-6, 0]],
    ['rejects', [0, 2e-4]],
    ['rejects', [Number.POSITIVE_INFINITY]],
    ['is unsure of', [0, Number.NaN]],
  ])('%s what the fp32 class does: %j', (_does, margins) => {
    const { verdict } = decideReplay(margins, FP32_MARGIN)
    expect(decide(margins, EXACT).verdict).toBe(verdict)
  })

  it('lets a noisy class have margins, and rejects what they add up to', () => {
    expect(decide([0, 0.08, 0, 0])).toMatchObject({ verdict: 'accept', evidence: { total: 0.072 / 0.085 } })
    const cheat = decide([0, 0.08, 0, 0, 0.02])
    expect(cheat).toMatchObject({ verdict: 'reject', reason: /1\.0\d times .*cpu-q4/ })
    expect(cheat.evidence).toBeUndefined()
  })

  it('is inconclusive, with the reason, where nobody calibrated', () => {
    expect(decideMargins(placedFrom(0, [0.5]), pair, undefined)).toEqual({
      verdict: 'inconclusive',
      reason: 'margins of cpu-q4/ort-1>cpu-fp32/ort-1 are not calibrated',
    })
  })

  it('accepts no token at a position that nobody calibrated, and still rejects what comes before it', () => {
    expect(decideMargins(placedFrom(126, [0, 0, 0]), pair, NOISY)).toEqual({
      verdict: 'inconclusive',
      reason: '1 of 3 tokens at positions that are not calibrated in cpu-q4/ort-1>cpu-fp32/ort-1',
    })
    expect(decideMargins(placedFrom(126, [0.3, 0, 0]), pair, NOISY).verdict).toBe('reject')
    expect(decideMargins(placedFrom(127, [0, 0.5]), pair, NOISY).verdict).toBe('inconclusive')
  })
})

describe('isExactPair', () => {
  it.each([
    ['cpu-fp32/ort-1', 'cpu-fp32/ort-2', true],
    ['cpu-q4b32a8/ort-1', 'cpu-q4b32a8/ort-1', false],
    ['cpu-fp32/ort-1', 'cpu-q4b32a8/ort-1', false],
    ['webgpu-fp32/ort-1', 'webgpu-fp32/ort-1', false],
  ])('%s by %s: %s', (prover, verifier, isExact) => {
    expect(isExactPair({ prover, verifier })).toBe(isExact)
  })
})
