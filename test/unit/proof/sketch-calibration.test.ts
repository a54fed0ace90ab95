import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  calibrateBuckets,
  calibratePooled,
  LEAST_THRESHOLD,
  OTHER_PROCESSORS,
} from '../../../scripts/calibrate/buckets.ts'
import { leavesOf } from '../../../scripts/calibrate/measure.ts'
import { editedQuestion, honestQuestion, makeConversations } from '../../../scripts/calibrate/questions.ts'
import { roundWeights, toBfloat16 } from '../../../scripts/calibrate/rounding.ts'
import { areaUnderCurve, quantile } from '../../../scripts/calibrate/statistics.ts'
import { tailThreshold } from '../../../scripts/calibrate/tail.ts'
import { newCalibration, withPair, writeCalibration } from '../../../scripts/calibrate/write.ts'
import { gaussian, seededRandom } from '../../../shared/inference/random.ts'
import { bytesCodec } from '../../../shared/inference/text/bytes-codec.ts'
import type { PairCalibration } from '../../../shared/proof/sketch/calibration.ts'
import { readCalibration } from '../../../shared/proof/sketch/read-calibration.ts'

describe('tail threshold', () => {
  const random = seededRandom(7)
  const sample = (draw: () => number, count: number) =>
    Array.from({ length: count }, (_, answer) => ({ answer, value: draw() }))

  it('finds the quantile of an exponential tail far beyond the sample, on the safe side', () => {
    const exponential = () => -Math.log(1 - random())
    const threshold = tailThreshold(sample(exponential, 2_000), 1e-6)
    expect(threshold).toBeGreaterThan(Math.log(1e6))
    expect(threshold).toBeLessThan(1.5 * Math.log(1e6))
  })

  it('accepts its share of fresh draws from a lighter tail', () => {
    const draw = () => gaussian(random)
    const threshold = tailThreshold(sample(draw, 1_000), 1e-4)
    // The true quantile is 3.72.
    expect(threshold).toBeGreaterThan(3.72)
    expect(threshold).toBeLessThan(7)
  })

  it('is never below the largest seen, and wider where few answers make the tail', () => {
    const values = sample(() => random(), 400)
    expect(tailThreshold(values, 0.5)).toBe(Math.max(...values.map(({ value }) => value)))
    const oneAnswer = values.map(({ value }) => ({ answer: 0, value }))
    expect(tailThreshold(oneAnswer, 1e-4)).toBeGreaterThan(tailThreshold(values, 1e-4))
  })
})

describe('statistics', () => {
  it('give quantiles and the area under the curve', () => {
    expect(quantile(Float64Array.of(0, 1, 2, 3), 0.5)).toBe(1.5)
    expect(quantile(Float64Array.of(0, 1), 1)).toBe(1)
    expect(areaUnderCurve(Float64Array.of(1, 2), Float64Array.of(3, 4))).toBe(1)
    expect(areaUnderCurve(Float64Array.of(3, 4), Float64Array.of(1, 2))).toBe(0)
    expect(areaUnderCurve(Float64Array.of(1, 3), Float64Array.of(2, 3))).toBe((1 + 1.5) / 4)
  })
})

describe('buckets', () => {
  const random = seededRandom(3)
  const answers = Array.from({ length: 30 }, (_, n) => ({
    position: n % 2 === 0 ? 20 : 40,
    rows: Float64Array.from({ length: 42 }, () => -14 + gaussian(random)),
  }))

  it('cut answers as their trees are, from any position', () => {
    const leaves = leavesOf(answers.slice(0, 1), 4)
    expect(leaves.map(({ position }) => position)).toEqual([20, 24, 28, 32, 36, 40, 44, 48, 52, 56])
    expect(leavesOf(answers.slice(0, 1), 2)).toHaveLength(11)
    expect(leavesOf(answers, 4)[10]).toMatchObject({ answer: 1, position: 40 })
  })

  it('hold thresholds for leaves of every size, wider for fewer rows, and none from too few leaves', () => {
    const buckets = calibrateBuckets(answers)
    expect(buckets.map(({ from }) => from)).toEqual([0, 64])
    const [first] = buckets
    expect(first!.mean).toBeCloseTo(-14, 0)
    expect(first!.variance).toBeCloseTo(1, 0)
    expect(first!.thresholds[0]).toBeGreaterThan(first!.largest + OTHER_PROCESSORS)
    expect(first!.thresholds[0]).toBeGreaterThan(first!.thresholds[3]!)
    expect(calibrateBuckets(answers.slice(0, 4))).toEqual([])
  })

  it('hold a threshold for two leaves together, finer than that of one', () => {
    const buckets = calibrateBuckets(answers)
    const pooled = calibratePooled(seededRandom(1), answers, buckets)!
    expect(pooled).toBeGreaterThan(0)
    expect(pooled).toBeLessThan(buckets[0]!.thresholds[3]! - buckets[0]!.mean)
    expect(calibratePooled(seededRandom(1), answers, [])).toBeUndefined()
  })

  it('never ask for more than float32 gives', () => {
    const exact = answers.map(({ position, rows }) => ({ position, rows: rows.map(() => -16.6) }))
    expect(calibrateBuckets(exact)[0]!.thresholds[3]).toBeCloseTo(LEAST_THRESHOLD + OTHER_PROCESSORS, 4)
  })
})

describe('questions', () => {
  const random = seededRandom(1)
  const lengths = { contextLength: 512, maxTokens: 96 }
  const conversations = makeConversations(random, bytesCodec, 60, lengths.contextLength)
  const prompts = conversations.map((turns) => bytesCodec.encodeChat(turns).length)

  it('spread over the context and leave room for an answer', () => {
    expect(Math.max(...prompts)).toBeLessThanOrEqual(496)
    for (let from = 0; from < 496; from += 64) {
      const inside = prompts.filter((length) => length >= from && length < from + 64)
      expect(inside.length).toBeGreaterThan(2)
    }
  })

  it('ask for no more than fits', () => {
    for (const turns of conversations) {
      const { declared, maxTokens } = honestQuestion(random, bytesCodec, turns, lengths)
      expect(maxTokens).toBe(Math.min(96, 512 - declared.length))
    }
  })

  it('are edited in exactly one character that the user said', () => {
    for (const turns of conversations) {
      const { asked, declared } = editedQuestion(random, bytesCodec, turns, lengths)
      expect(declared).toEqual(bytesCodec.encodeChat(turns))
      expect(asked.length).toBe(declared.length)
      expect(asked.filter((token, i) => token !== declared[i])).toHaveLength(1)
    }
  })
})

describe('rounded weights', () => {
  it.each([
    [1, 1],
    [1 + 2 ** -8, 1],
    [1 + 3 * 2 ** -8, 1 + 2 ** -6],
    [-(1 + 2 ** -8 + 2 ** -20), -(1 + 2 ** -7)],
    [0, 0],
  ])('%d is %d in bf16', (value, expected) => {
    expect(toBfloat16(value)).toBe(expected)
  })

  it('round the matrices of layers in blocks, and keep embeddings and norms', () => {
    const random = seededRandom(2)
    const values = Float32Array.from({ length: 64 }, () => gaussian(random))
    const weights = new Map(
      ['embedding', 'layer0.down', 'layer0.attentionNorm'].map((name) => [name, values]),
    )
    const rounded = roundWeights(weights, 'int4')
    expect(rounded.get('embedding')).toBe(values)
    expect(rounded.get('layer0.attentionNorm')).toBe(values)
    for (const start of [0, 32]) {
      const scale = Math.max(...values.subarray(start, start + 32).map(Math.abs)) / 7
      for (const [i, value] of rounded
        .get('layer0.down')!
        .subarray(start, start + 32)
        .entries()) {
        expect(Math.abs(value - values[start + i]!)).toBeLessThanOrEqual(scale * 0.50001)
        expect(value / scale).toBeCloseTo(Math.round(value / scale), 4)
      }
    }
  })
})

describe('calibration files', () => {
  const hash = `0x${'12'.repeat(32)}`
  const whitening = { width: 2, inverse: Float32Array.of(1, 0.5, 2) }
  const pair: PairCalibration = {
    ...{ prover: 'cpu-fp32/a', verifier: 'cpu-fp32/a', machine: 'test', prompts: 3, seed: 1, buckets: [] },
    ...{ temperature: 0.8, tolerance: 1e-4, headroom: 1, evidence: { answersPerAlarm: 1e6 } },
  }
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'starling-calibration-'))
  })
  afterEach(() => rm(folder, { recursive: true }))
  const write = (calibration = withPair(newCalibration(hash, whitening, 9), pair)) =>
    writeCalibration(join(folder, 'calibration'), calibration, whitening)
  const damaged = expect.objectContaining({ code: 'CALIBRATION_DAMAGED' })

  it('are read as they were written', async () => {
    await write()
    const stored = await readCalibration(folder, hash)
    expect(stored).toMatchObject({ whitening, calibration: { model: hash, pairs: [pair] } })
  })

  it('are none of a model without them, and none of other weights', async () => {
    expect(await readCalibration(folder, hash)).toBeUndefined()
    await write()
    expect(await readCalibration(folder, `0x${'34'.repeat(32)}`)).toBeUndefined()
  })

  it('are refused where they do not fit together', async () => {
    await write()
    const [record, triangle] = ['sketch.json', 'whitening.f32.bin'].map((name) =>
      join(folder, 'calibration', name),
    )
    const text = await readFile(record!, 'utf8')
    await writeFile(triangle!, new Uint8Array(12).fill(1))
    await expect(readCalibration(folder, hash)).rejects.toEqual(damaged)
    await rm(triangle!)
    await expect(readCalibration(folder, hash)).rejects.toEqual(damaged)
    for (const broken of ['{', text.replace('"seed": 1', '"seed": "1"')]) {
      await writeFile(record!, broken)
      await expect(readCalibration(folder, hash)).rejects.toEqual(damaged)
    }
  })

  it('hold one measurement of a pair, the latest', () => {
    const other = { ...pair, prover: 'cuda-fp32/a' }
    const calibration = withPair(withPair(newCalibration(hash, whitening, 9), pair), other)
    const again = withPair(calibration, { ...pair, prompts: 5 })
    expect(again.pairs.map(({ prover, prompts }) => [prover, prompts])).toEqual([
      ['cuda-fp32/a', 3],
      ['cpu-fp32/a', 5],
    ])
  })
})
