import { describe, expect, it } from 'vitest'
import {
  type BucketCalibration,
  calibrationOf,
  type SketchCalibration,
} from '../../../shared/proof/sketch/calibration.ts'
import { decideSketches, type OpenedLeaf } from '../../../shared/proof/sketch/decision.ts'
import { SKETCH_VALUES } from '../../../shared/proof/sketch/matrix.ts'

const model = `0x${'ab'.repeat(32)}`
const pair = { prover: 'cpu-fp32/a', verifier: 'cpu-fp32/b', model }

/** Thresholds e⁻⁸, e⁻⁹, e⁻¹⁰, e⁻¹¹ for one row to four, and e² times as much in the second bucket. */
const bucket = (from: number, shift: number): BucketCalibration => ({
  from,
  answers: 10,
  leaves: 100,
  rows: 400,
  mean: -14,
  variance: 0.3,
  quantiles: { p50: -14, p90: -13, p99: -12.5, p999: -12 },
  largest: -11.5,
  thresholds: [-8, -9, -10, -11].map((value) => value + shift),
})

const calibration: SketchCalibration = {
  format: 'starling-sketch-calibration/2',
  model,
  whitening: { file: 'whitening.f32.bin', sha256: '0'.repeat(64), width: 4, rows: 100, ridge: 1e-3 },
  pairs: [
    {
      prover: pair.prover,
      verifier: pair.verifier,
      machine: 'test',
      prompts: 10,
      seed: 1,
      temperature: 0.8,
      tolerance: 1e-4,
      headroom: 1,
      evidence: { answersPerAlarm: 1e6, sketch: { references: [0.5, 0.5], threshold: 100, clip: 8 } },
      buckets: [bucket(0, 0), bucket(64, 2)],
    },
  ],
}

/** A leaf whose rows all lie at e^log from the verifier's. */
function leaf(position: number, log: number, rows = 4): OpenedLeaf {
  const own = new Float32Array(rows * SKETCH_VALUES).map((_, n) => (n % SKETCH_VALUES === 0 ? 1 : 0))
  return { position, own, claimed: own.map((value) => value * (1 + Math.exp(log))) }
}
const decide = (...leaves: OpenedLeaf[]) => decideSketches(calibration, pair, leaves)

describe('decideSketches', () => {
  it('accepts below the threshold, rejects above it, and says how far', () => {
    expect(decide(leaf(10, -11.1), leaf(20, -11.1))).toMatchObject({ verdict: 'accept', reason: '' })
    const reject = decide(leaf(10, -10.9), leaf(20, -10.9))
    expect(reject).toMatchObject({
      verdict: 'reject',
      reason: /at position 10 lie 1.8e-5 apart, honest ones at most 1.7e-5/,
    })
    expect(reject.excess).toBeCloseTo(0.1, 2)
  })

  it('leaves evidence of accepted rows: how far they lie beyond usual ones and the headroom', () => {
    // Usual ones lie at e⁻¹⁴, other processors' at e⁻¹³, and k is ½: 1.4 a row.
    const { evidence } = decide(leaf(10, -11.1), leaf(20, -14))
    expect(evidence).toMatchObject({ statistic: 'sketch', pair: 'cpu-fp32/a>cpu-fp32/b' })
    expect(evidence!.peak).toBeCloseTo((4 * 1.4) / 100, 3)
    expect(evidence!.end).toBeCloseTo((4 * 1.4 - 4 * 0.5) / 100, 3)
    expect(decide(leaf(10, -10.9), leaf(20, -14))).not.toHaveProperty('evidence')
  })

  it('rejects rows that are near enough one by one, but raise the alarm of a sum by themselves', () => {
    // One row may lie at e⁻⁸, which is 4.5 above k.
    expect(decide(leaf(10, -8.1, 1), leaf(20, -8.1, 1)).verdict).toBe('accept')
    const touchy = { answersPerAlarm: 1e6, sketch: { references: [0.5, 0.5], threshold: 8.7, clip: 8 } }
    const measured = { ...calibration, pairs: [{ ...calibration.pairs[0]!, evidence: touchy }] }
    expect(decideSketches(measured, pair, [leaf(10, -8.1, 1), leaf(20, -8.1, 1)])).toMatchObject({
      verdict: 'reject',
      reason: expect.stringMatching(/add up to 1\.01 times/),
    })
  })

  it('takes the mean over the rows of a leaf, and judges every leaf', () => {
    const mixed = {
      ...leaf(10, -12),
      claimed: Float32Array.of(...leaf(10, -12, 3).claimed, ...leaf(0, -9, 1).claimed),
    }
    expect(decide(mixed).excess).toBeCloseTo(-0.25, 1)
    expect(decide(leaf(20, -7.9, 1)).verdict).toBe('reject')
    expect(decide(leaf(20, -8.1, 1)).verdict).toBe('accept')
    expect(decide(leaf(10, -16), leaf(20, -10.5))).toMatchObject({
      verdict: 'reject',
      reason: /at position 20 /,
    })
  })

  it('judges two whole leaves together, more finely where their spread is smaller', () => {
    // At most e⁻¹² together in the first bucket, where the mean is −14.
    const measured = { ...calibration, pairs: [{ ...calibration.pairs[0]!, pooled: 2 }] }
    const pooled = (...leaves: OpenedLeaf[]) => decideSketches(measured, pair, leaves)
    expect(pooled(leaf(10, -11.5), leaf(20, -11.5))).toMatchObject({
      verdict: 'reject',
      reason: /in 8 rows /,
    })
    expect(pooled(leaf(10, -11.5), leaf(20, -13)).excess).toBeCloseTo(-0.25, 1)
    expect(pooled(leaf(10, -11.5), leaf(20, -11.5, 3)).verdict).toBe('accept')
    expect(pooled(leaf(10, -11.5)).verdict).toBe('accept')
  })

  it('knows where honest errors are larger', () => {
    expect(decide(leaf(63, -10)).verdict).toBe('reject')
    expect(decide(leaf(64, -10)).verdict).toBe('accept')
  })

  it('accepts only what is calibrated, and rejects by that alone', () => {
    expect(decide(leaf(10, -12), leaf(200, -16))).toMatchObject({
      verdict: 'inconclusive',
      reason: /1 of 2 opened leaves at positions that are not calibrated/,
    })
    expect(decide(leaf(10, -1), leaf(200, -16)).verdict).toBe('reject')
    expect(decide(leaf(200, 0))).toMatchObject({ verdict: 'inconclusive', excess: undefined })
    expect(decide()).toMatchObject({ verdict: 'inconclusive', excess: undefined })
  })

  it.each([
    ['prover', { ...pair, prover: 'webgpu-fp32/a' }],
    ['verifier', { ...pair, verifier: pair.prover }],
    ['model', { ...pair, model: `0x${'cd'.repeat(32)}` }],
  ])('has no verdict on another %s', (_name, other) => {
    expect(calibrationOf(calibration, other)).toBeUndefined()
    const decision = decideSketches(calibration, other, [leaf(10, 0)])
    expect(decision).toMatchObject({ verdict: 'inconclusive', reason: /no sketch calibration of/ })
    expect(decideSketches(undefined, pair, [leaf(10, 0)]).verdict).toBe('inconclusive')
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('rejects %s', (value) => {
    const good = leaf(10, -16)
    const decision = decide(leaf(20, -16), { ...good, claimed: good.claimed.with(9, value) })
    expect(decision).toMatchObject({ verdict: 'reject', reason: /malformed proof: sketch value 9/ })
  })

  it('rejects sketches that are too few or too many, where positions are not calibrated too', () => {
    const good = leaf(200, -16)
    for (const claimed of [good.claimed.subarray(1), new Float32Array(40), new Float32Array(0)]) {
      expect(decide({ ...good, claimed })).toMatchObject({ verdict: 'reject', reason: /malformed/ })
    }
  })

  it('never punishes for what the verifier could not compute', () => {
    const good = leaf(10, -16)
    for (const own of [good.own.with(3, Number.NaN), good.own.with(0, 0)]) {
      expect(decide({ ...good, own }).verdict).toBe('inconclusive')
    }
  })
})
