import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gumbelOf, noiseBits, noiseKey } from '../../../shared/inference/gumbel.ts'
import {
  checkSampling,
  replayToken,
  type SamplingParams,
  sampleToken,
} from '../../../shared/inference/sampler.ts'
import { hasCode } from '../../../shared/process/errors.ts'

const logitsOf = fc
  .array(fc.float({ min: -12, max: 12, noNaN: true, noDefaultInfinity: true }), {
    minLength: 2,
    maxLength: 80,
  })
  .map((values) => Float32Array.from(values))
const seedOf = fc.uint8Array({ minLength: 32, maxLength: 32 })
const temperatureOf = fc.double({ min: 0.2, max: 2, noNaN: true })
const paramsOf: fc.Arbitrary<SamplingParams> = fc.record({
  temperature: temperatureOf,
  topK: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 64 })),
  topP: fc.oneof(fc.constant(1), fc.double({ min: 0.05, max: 1, noNaN: true })),
})
const positionOf = fc.nat(100_000)

describe('sampling', () => {
  test('is the arg-max of logit + T·G over all tokens, as the plain definition finds it', () => {
    fc.assert(
      fc.property(logitsOf, temperatureOf, seedOf, positionOf, (logits, temperature, seed, position) => {
        const noise = new Uint32Array(2)
        const values = Array.from(logits, (logit, token) => {
          noiseBits(noiseKey(seed, position), token, noise)
          return logit + temperature * gumbelOf(noise)
        })
        const expected = values.indexOf(Math.max(...values))
        expect(sampleToken(logits, { temperature, topK: 0, topP: 1 }, seed, position)).toBe(expected)
      }),
      { numRuns: 500 },
    )
  })

  test('draws from softmax(logit / T)', () => {
    const logits = Float32Array.of(2, 1, 0, -1, 1.5, -4)
    const temperature = 0.8
    const weights = Array.from(logits, (logit) => Math.exp(logit / temperature))
    const total = weights.reduce((a, b) => a + b)
    const draws = 20_000
    const counts = new Array<number>(logits.length).fill(0)
    const seed = new Uint8Array(32).fill(9)
    for (let i = 0; i < draws; i++)
      counts[sampleToken(logits, { temperature, topK: 0, topP: 1 }, seed, i)]! += 1
    const chiSquare = counts.reduce((sum, count, token) => {
      const expected = (draws * weights[token]!) / total
      return sum + (count - expected) ** 2 / expected
    }, 0)
    // 5 degrees of freedom: 20.5 is passed by chance once in a thousand, and this seed is fixed.
    expect(chiSquare).toBeLessThan(20.5)
  })

  test('temperature 0 takes the highest logit, the lower id on a tie', () => {
    const greedy = { temperature: 0, topK: 3, topP: 0.5 }
    expect(sampleToken(Float32Array.of(1, 3, 3, 2), greedy, new Uint8Array(32), 5)).toBe(1)
    const evidence = replayToken(Float32Array.of(1, 3, 2.5), 2, greedy, new Uint8Array(32), 5, 1e-4)
    expect(evidence).toEqual({ margin: 0.5, logProb: Number.NEGATIVE_INFINITY, expected: 1 })
  })

  test('top-k and top-p keep the likeliest tokens', () => {
    fc.assert(
      fc.property(logitsOf, paramsOf, seedOf, positionOf, (logits, params, seed, position) => {
        const token = sampleToken(logits, params, seed, position)
        const ahead = logits.filter((logit) => logit > logits[token]!).length
        if (params.topK > 0) expect(ahead).toBeLessThan(params.topK)
        const top = Math.max(...logits)
        const ranked = Array.from(logits).sort((a, b) => b - a)
        const kept = params.topK > 0 ? ranked.slice(0, params.topK) : ranked
        const weigh = (logit: number) => Math.exp((logit - top) / params.temperature)
        const total = kept.reduce((sum, logit) => sum + weigh(logit), 0)
        const massAhead = ranked.slice(0, ahead).reduce((sum, logit) => sum + weigh(logit), 0)
        if (ahead > 0) expect(massAhead / total).toBeLessThan(params.topP + 1e-9)
      }),
      { numRuns: 500 },
    )
  })
})

describe('replay', () => {
  test('finds the sampled token again, without a margin', () => {
    fc.assert(
      fc.property(logitsOf, paramsOf, seedOf, positionOf, (logits, params, seed, position) => {
        const token = sampleToken(logits, params, seed, position)
        const evidence = replayToken(logits, token, params, seed, position, 1e-4)
        expect(evidence.expected).toBe(token)
        expect(evidence.margin).toBe(0)
        expect(evidence.logProb).toBeLessThanOrEqual(0)
        expect(evidence.logProb).toBeGreaterThan(Number.NEGATIVE_INFINITY)
      }),
      { numRuns: 500 },
    )
  })

  test('probabilities of the tokens that survive add up to 1', () => {
    fc.assert(
      fc.property(logitsOf, paramsOf, seedOf, (logits, params, seed) => {
        let mass = 0
        for (let token = 0; token < logits.length; token++) {
          mass += Math.exp(replayToken(logits, token, params, seed, 0, 0).logProb)
        }
        // Tokens with one and the same logit at the edge of top-k or top-p are all forgiven.
        const distinct = new Set(logits).size === logits.length
        if (distinct) expect(mass).toBeCloseTo(1, 9)
        else expect(mass).toBeGreaterThan(1 - 1e-9)
      }),
      { numRuns: 300 },
    )
  })

  test('forgives an honest prover whose logits differ within half the tolerance', () => {
    const tolerance = 0.02
    const wobble = fc.array(fc.double({ min: -tolerance / 2, max: tolerance / 2, noNaN: true }), {
      minLength: 80,
      maxLength: 80,
    })
    fc.assert(
      fc.property(
        logitsOf,
        wobble,
        paramsOf,
        seedOf,
        positionOf,
        (logits, errors, params, seed, position) => {
          const prover = Float32Array.from(logits, (logit, token) => logit + errors[token]!)
          const token = sampleToken(prover, params, seed, position)
          const evidence = replayToken(logits, token, params, seed, position, tolerance + 1e-5)
          expect(evidence.margin).toBeLessThanOrEqual(tolerance + 1e-5)
        },
      ),
      { numRuns: 3000 },
    )
  })

  test('a token that cannot survive has an infinite margin', () => {
    const logits = Float32Array.of(5, 4, 3, -3)
    const seed = new Uint8Array(32)
    expect(replayToken(logits, 3, { temperature: 1, topK: 3, topP: 1 }, seed, 0, 1e-4).margin).toBe(
      Number.POSITIVE_INFINITY,
    )
    expect(replayToken(logits, 2, { temperature: 1, topK: 0, topP: 0.6 }, seed, 0, 1e-4).margin).toBe(
      Number.POSITIVE_INFINITY,
    )
  })

  test('another token than the sampled one has a margin above zero', () => {
    fc.assert(
      fc.property(logitsOf, seedOf, positionOf, fc.nat(), (logits, seed, position, other) => {
        const params = { temperature: 1, topK: 0, topP: 1 }
        const token = sampleToken(logits, params, seed, position)
        const claimed = other % logits.length
        fc.pre(claimed !== token)
        expect(replayToken(logits, claimed, params, seed, position, 1e-4).margin).toBeGreaterThan(0)
      }),
    )
  })
})

test('parameters that can not be sampled with are refused', () => {
  const seed = new Uint8Array(32)
  const good = { temperature: 1, topK: 0, topP: 1 }
  const refused = (params: SamplingParams, bytes = seed) => {
    try {
      checkSampling(params, bytes)
      return false
    } catch (error) {
      return hasCode(error, 'SAMPLING_INVALID')
    }
  }
  expect(refused(good)).toBe(false)
  expect(refused({ ...good, temperature: -1 })).toBe(true)
  expect(refused({ ...good, temperature: Number.NaN })).toBe(true)
  expect(refused({ ...good, topK: 65 })).toBe(true)
  expect(refused({ ...good, topK: 1.5 })).toBe(true)
  expect(refused({ ...good, topP: 0 })).toBe(true)
  expect(refused({ ...good, topP: 1.1 })).toBe(true)
  expect(refused(good, new Uint8Array(31))).toBe(true)
})
