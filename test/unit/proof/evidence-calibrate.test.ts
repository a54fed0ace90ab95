import { describe, expect, it } from 'vitest'
import { calibrateBuckets, OTHER_PROCESSORS } from '../../../scripts/calibrate/buckets.ts'
import {
  ANSWERS_PER_ALARM,
  answersToAlarm,
  auditValues,
  calibrateEvidence,
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
  unrounded?: MeasuredAnswer[],
): PairCalibration {
  const bounds = unrounded === undefined ? { headroom: OTHER_PROCESSORS } : { headroom: 0, unrounded }
  const pair = plainPair('cpu/test', { ...bounds, buckets: calibrateBuckets(honest, bounds) })
  const sample = { honest, cheats: new Map([['cheat', cheat]]), isExact }
  return {
    ...pair,
    evidence: calibrateEvidence(unrounded === undefined ? sample : { ...sample, unrounded }, pair),
  }
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

describe('evidence in a noisy class', () => {
  // One row in a hundred is rounded otherwise, and then lies far away.
  const honestRow = (draw: Random) => (draw() < 0.01 ? -3 : -16) + 0.3 * gaussian(draw)
  const honest = answers(honestRow, margins(0.0005, 0.2))
  const unrounded = answers(rows(-3.3, 0.5), margins(0.02, 0.3))
  const cheat = answers(rows(-1, 0.5), margins(0.2, 1))
  const pair = calibrate(honest, cheat, false, unrounded)

  it('lets an honest answer be all other roundings, and finds a cheat in few answers', () => {
    // Once a rounding flips, every later token sees it.
    const flipped = answers(rows(-3, 0.5), margins(0.02, 0.4)).slice(0, 1)
    const mixed = [...flipped, ...answers(honestRow, margins(0.0005, 0.2))]
    for (const statistic of ['margin', 'sketch'] as const) {
      expect(answersToAlarm(mixed, statistic, pair)).toBeUndefined()
      expect(answersToAlarm(cheat, statistic, pair)).toBeLessThan(5)
    }
  })

  it('lets four times as many roundings flip as were measured', () => {
    const elsewhere = answers(
      (draw) => (draw() < 0.04 ? -3 : -16) + 0.3 * gaussian(draw),
      margins(0.002, 0.2),
    )
    expect(answersToAlarm(elsewhere, 'sketch', pair)).toBeUndefined()
    expect(answersToAlarm(elsewhere, 'margin', pair)).toBeUndefined()
  })

  it('has thresholds where all roundings have flipped, not where the sample ends', () => {
    const few = answers(rows(-16, 0.3), margins(0, 1))
    const bounded = calibrateBuckets(few, { headroom: 0, unrounded })
    for (const { thresholds } of bounded) {
      expect(thresholds[3]).toBeGreaterThan(-3.3 + Math.log(Math.SQRT2))
      expect(thresholds[3]).toBeLessThan(-1)
    }
  })
})

it('leaves a statistic out by which no cheat stands out', () => {
  const honest = answers(rows(-14, 0.6), margins(0.01, 0.1))
  const same = answers(rows(-14, 0.6), margins(0.01, 0.1))
  expect(calibrate(honest, same, false).evidence).toEqual({ answersPerAlarm: ANSWERS_PER_ALARM })
})
