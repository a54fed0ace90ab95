import { describe, expect, it } from 'vitest'
import { keepInFlight } from '../../../scripts/bench/engine/in-flight.ts'
import { drawArrivals, measureCapacity, serveArrivals } from '../../../scripts/bench/engine/load.ts'
import { countSameTokens } from '../../../scripts/bench/engine/same-tokens.ts'
import type { GenerateRequest, Generation } from '../../../shared/inference/engine.ts'
import { seededRandom } from '../../../shared/inference/random.ts'
import { StarlingError } from '../../../shared/process/errors.ts'

const answerOf = (tokens: readonly number[]): Generation => ({ text: '', tokens, finish: 'length' })

describe('keepInFlight', () => {
  it('runs as many at once as it is told, until there are no more', async () => {
    let left = 10
    let running = 0
    const seen: number[] = []
    await keepInFlight(3, () => {
      if (left-- <= 0) return undefined
      seen.push(++running)
      return new Promise<void>((resolve) => setImmediate(resolve)).then(() => running--)
    })
    expect(seen).toHaveLength(10)
    expect(Math.max(...seen)).toBe(3)
  })

  it('passes a failure on', async () => {
    await expect(keepInFlight(2, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  })
})

describe('arrivals', () => {
  it('come at the rate, with exponential gaps, the same for the same seed', () => {
    const arrivals = drawArrivals(seededRandom(3), 50, 100_000)
    expect(arrivals).toEqual(drawArrivals(seededRandom(3), 50, 100_000))
    // A Poisson count of 5,000 has a deviation of 71.
    expect(Math.abs(arrivals.length - 5_000)).toBeLessThan(300)
    const gaps = arrivals.slice(1).map(({ atMs }, i) => atMs - arrivals[i]!.atMs)
    // Of exponential gaps e⁻¹ are longer than the mean; of even ones none or half would be.
    const long = gaps.filter((gap) => gap > 20).length / gaps.length
    expect(long).toBeCloseTo(Math.exp(-1), 1)
    const prompts = arrivals.map(({ promptTokens }) => promptTokens)
    const answers = arrivals.map(({ newTokens }) => newTokens)
    expect([Math.min(...prompts), Math.max(...prompts)]).toEqual([32, 256])
    expect([Math.min(...answers), Math.max(...answers)]).toEqual([32, 128])
  })

  it('are measured from when they were due, a piece of several tokens spread over them', async () => {
    let time = 0
    const server = {
      async generate({ onPiece }: GenerateRequest) {
        time = 30
        onPiece?.({ tokens: [1], text: 'a' })
        time = 50
        onPiece?.({ tokens: [2, 3], text: 'bc' })
        return answerOf([1, 2, 3])
      },
    }
    const arrivals = [{ atMs: -10, promptTokens: 5, newTokens: 3 }]
    const served = await serveArrivals(server, arrivals, seededRandom(1), () => time)
    expect(served).toEqual([{ firstMs: 40, gapsMs: [10, 10], tokens: 3 }])
  })

  it('that are refused are told with the code', async () => {
    const server = { generate: () => Promise.reject(new StarlingError('BUSY', 'too many', 'wait')) }
    const arrivals = [{ atMs: 0, promptTokens: 5, newTokens: 3 }]
    const served = await serveArrivals(server, arrivals, seededRandom(1), () => 0)
    expect(served).toEqual([{ firstMs: undefined, gapsMs: [], tokens: 0, code: 'BUSY' }])
  })
})

it('capacity leaves out the beginning and the end', async () => {
  let time = 0
  let calls = 0
  const server = {
    async generate() {
      // The first, while everything is empty, takes long; then 25 a second.
      time += calls++ === 0 ? 1_000 : 40
      return answerOf([1])
    },
  }
  const options = { inFlight: 1, durationMs: 100, random: seededRandom(1) }
  expect(await measureCapacity(server, options, () => time)).toBe(25)
  expect(calls).toBe(4)
})

describe('countSameTokens', () => {
  const options = () => ({ requests: 30, inFlight: 4, random: seededRandom(1) })

  it('finds all equal where answers depend on the request alone', async () => {
    const generate = async ({ promptTokens, seed }: GenerateRequest) =>
      answerOf([promptTokens.length, seed[0]!])
    expect(await countSameTokens({ generate }, options(), () => {})).toBe(30)
  })

  it('finds those that depend on what else is running', async () => {
    let running = 0
    const generate = async ({ seed }: GenerateRequest) => {
      const beside = running++
      await new Promise<void>((resolve) => setImmediate(resolve))
      running--
      return answerOf([seed[0]!, beside === 3 ? 1 : 0])
    }
    const same = await countSameTokens({ generate }, options(), () => {})
    expect(same).toBeGreaterThan(0)
    expect(same).toBeLessThan(30)
  })
})
