import { describe, expect, it } from 'vitest'
import {
  BOTH_ROUNDED,
  calibrateBuckets,
  flippedBounds,
  OTHER_PROCESSORS,
} from '../../../scripts/calibrate/buckets.ts'
import {
  ANSWERS_PER_ALARM,
  answersToAlarm,
  auditValues,
  calibrateEvidence,
  type EvidenceSample,
} from '../../../scripts/calibrate/evidence.ts'
import type { MeasuredAnswer } from '../../../scripts/calibrate/measure.ts'
import { gaussian, type Random, seededRandom } from '../../../shared/inference/random.ts'
import { FP32_MARGIN } from '../../../shared/proof/decision.ts'
import type { PairCalibration } from '../../../shared/proof/sketch/calibration.ts'
import { plainPair } from '../../support/calibration.ts'

const random = seededRandom(21)
const ANSWERS = 160
const TOKENS = 64

/** Answers over 512 positions, their rows and margins drawn one by one. */
function answers(row: (random: Random) => number, margin: (random: Random) => number): MeasuredAnswer[] {
  return Array.from({ length: ANSWERS }, (_, n) => ({
    position: Math.floor((n / ANSWERS) * (512 - TOKENS)),
    rows: Float64Array.from({ length: TOKENS }, () => row(random)),
    margins: Float64Array.from({ length: TOKENS }, () => margin(random)),
  }))
}
/** Most margins are 0, and others spread up to the largest. */
const margins = (share: number, largest: number) => (draw: Random) => (draw() < share ? draw() * largest : 0)
const rows = (mean: number, spread: number) => (draw: Random) => mean + spread * gaussian(draw)
/** The same rows, shifted. */
const farther = (all: readonly MeasuredAnswer[], nats: number) =>
  all.map((answer) => ({ ...answer, rows: answer.rows.map((value) => value + nats) }))

/** A pair with what was calibrated of these. */
function calibrate(
  honest: MeasuredAnswer[],
  cheat: MeasuredAnswer[],
  isExact: boolean,
  flipping: Pick<EvidenceSample, 'unrounded' | 'elsewhere'> = {},
): PairCalibration {
  const { unrounded } = flipping
  const bounds = unrounded === undefined ? { headroom: OTHER_PROCESSORS } : flippedBounds(honest, unrounded)
  const pair = plainPair('cpu/test', {
    ...{ headroom: bounds.headroom, buckets: calibrateBuckets(honest, bounds) },
  })
  const sample = { honest, cheats: new Map([['cheat', cheat]]), isExact, ...flipping }
  return { ...pair, evidence: calibrateEvidence(sample, pair) }
}

describe('evidence between classes that compute exactly alike', () => {
  const never = () => 0
  const honest = answers(rows(-14, 0.6), never)
  const cheat = answers(rows(-9, 0.6), margins(0.004, 0.01))
  const pair = calibrate(honest, cheat, true)

  it('is a margin that is proof by itself, though the sample had none', () => {
    const { margin, answersPerAlarm } = pair.evidence
    expect(answersPerAlarm).toBe(ANSWERS_PER_ALARM)
    expect(margin!.threshold).toBe(FP32_MARGIN)
    expect(margin!.references).toHaveLength(8)
    for (const k of margin!.references) {
      expect(k).toBeGreaterThanOrEqual(1e-6)
      expect(k).toBeLessThan(2e-5)
    }
  })

  it('finds a cheat at once, and leaves honest rows of a processor that lie four times as far', () => {
    expect(answersToAlarm(cheat, 'sketch', pair)).toBe(1)
    const elsewhere = farther(answers(rows(-14, 0.6), never), OTHER_PROCESSORS)
    expect(answersToAlarm(elsewhere, 'sketch', pair)).toBeUndefined()
    // It is not that nothing alarms: twice that distance does.
    expect(answersToAlarm(farther(honest, 2 * OTHER_PROCESSORS), 'sketch', pair)).toBeDefined()
  })

  it('takes the headroom off what rows count', () => {
    const [audit] = auditValues(farther(honest, OTHER_PROCESSORS)[0]!, 'sketch', pair)
    const counted = Array.from(audit!.values)
    expect(counted).toHaveLength(8)
    expect(counted.reduce((sum, value) => sum + value, 0) / 8).toBeCloseTo(0, 0)
  })
})

describe('evidence in a class that rounds its activations', () => {
  /** Rows whose roundings flip so often. Then they lie as far away as where nothing is shared. */
  const flipped = (share: number) => (draw: Random) =>
    draw() < share ? -3.3 + BOTH_ROUNDED + 0.5 * gaussian(draw) : -16 + 0.3 * gaussian(draw)
  const honest = answers(flipped(0.01), margins(0.0005, 0.2))
  const elsewhere = answers(flipped(0.8), margins(0.01, 0.3))
  const unrounded = answers(rows(-3.3, 0.5), margins(0.02, 0.3))
  const cheat = answers(rows(-1, 0.5), margins(0.2, 1))
  const pair = calibrate(honest, cheat, false, { unrounded, elsewhere })

  it('finds a cheat in few answers, and leaves processors alone on which nearly all roundings flip', () => {
    const fresh = answers(flipped(0.8), margins(0.01, 0.3))
    for (const statistic of ['margin', 'sketch'] as const) {
      for (const own of [honest, fresh]) expect(answersToAlarm(own, statistic, pair)).toBeUndefined()
      expect(answersToAlarm(cheat, statistic, pair)).toBeLessThan(3)
    }
  })

  it('does so where all of them flip', () => {
    const all = answers(flipped(1), () => 0)
    expect(answersToAlarm(all, 'sketch', pair)).toBeUndefined()
    expect(Math.exp(pair.headroom)).toBeGreaterThan(1e5)
  })

  it('has thresholds where all roundings have flipped, not where the sample ends', () => {
    const few = answers(rows(-16, 0.3), margins(0, 1))
    for (const { thresholds } of calibrateBuckets(few, flippedBounds(few, unrounded))) {
      expect(thresholds[3]).toBeGreaterThan(-3.3 + BOTH_ROUNDED)
      expect(thresholds[3]).toBeLessThan(-1)
    }
  })
})

describe('evidence in another noisy class', () => {
  it('lets four times as many differences be as were measured', () => {
    const noisy = (share: number) => answers(rows(-14, 0.6), margins(share, 0.2))
    const pair = calibrate(noisy(0.002), answers(rows(-8, 0.6), margins(0.2, 1)), false)
    expect(answersToAlarm(noisy(0.008), 'margin', pair)).toBeUndefined()
    expect(answersToAlarm(noisy(0.2), 'margin', pair)).toBeLessThan(10)
  })
})

it('leaves a statistic out by which no cheat stands out', () => {
  const honest = answers(rows(-14, 0.6), margins(0.01, 0.1))
  const same = answers(rows(-14, 0.6), margins(0.01, 0.1))
  expect(calibrate(honest, same, false).evidence).toEqual({ answersPerAlarm: ANSWERS_PER_ALARM })
})
