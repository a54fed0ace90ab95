import { describe, expect, it } from 'vitest'
import { keepInFlight, type Ran } from '../../../../scripts/bench/wire/race/in-flight.ts'
import { cpuOf, rateOf, ratioOf, takeTurns } from '../../../../scripts/bench/wire/race/laps.ts'
import { asJson, challengeOf, revealOf } from '../../../../scripts/bench/wire/race/payload.ts'
import { encodeFrame } from '../../../../shared/protocol/codec.ts'

const ran = (exchanges: number, ms = 1_000, cpuMs = 500): Ran => ({ exchanges, ms, cpuMs })

describe('keepInFlight', () => {
  it('keeps as many under way as it may, and counts those that end late', async () => {
    let time = 0
    let underWay = 0
    let most = 0
    const ends: (() => void)[] = []
    const clock = { now: () => time, cpuMs: () => 3 * time }
    const running = keepInFlight(4, 10, clock, async () => {
      most = Math.max(most, ++underWay)
      await new Promise<void>((resolve) => ends.push(resolve))
      underWay--
    })
    expect(underWay).toBe(4)
    for (const end of ends.splice(0)) end()
    await Promise.resolve()
    while (ends.length < 4) await Promise.resolve()
    time = 20
    for (const end of ends) end()
    expect(await running).toEqual({ exchanges: 8, ms: 20, cpuMs: 60 })
    expect(most).toBe(4)
  })

  it('says why an exchange failed', async () => {
    const clock = { now: () => 0, cpuMs: () => 0 }
    const failing = keepInFlight(2, 1, clock, () => Promise.reject(new Error('gone')))
    await expect(failing).rejects.toThrow('gone')
  })
})

describe('takeTurns', () => {
  it('lets contenders take turns, and leaves the first one out', async () => {
    const order: string[] = []
    const contender = (name: string, exchanges: number) => ({
      run: async (ms: number) => {
        order.push(`${name}${ms}`)
        return ran(exchanges, ms)
      },
      close: async () => {},
    })
    const sizes = { turns: 2, turnMs: 5, warmMs: 9 }
    const laps = await takeTurns({ a: contender('a', 1), b: contender('b', 2) }, sizes)
    expect(order).toEqual(['a9', 'b9', 'a5', 'b5', 'a5', 'b5'])
    expect(laps).toEqual({ a: [ran(1, 5), ran(1, 5)], b: [ran(2, 5), ran(2, 5)] })
  })

  it('compares within a turn, so that a slow moment of the machine is no loss of anybody', () => {
    const [ours, theirs] = [
      [ran(90), ran(9), ran(50)],
      [ran(100), ran(10), ran(50)],
    ]
    expect(ratioOf(ours, theirs)).toBeCloseTo(0.9)
    expect(rateOf(theirs)).toBe(50)
    expect(cpuOf([ran(100, 1, 5)])).toBe(50)
  })
})

describe('payloads', () => {
  it.each([1_024, 4_096, 65_536 / 4])('fill frames of %i bytes', (frameBytes) => {
    expect(encodeFrame(100_000, challengeOf(frameBytes))).toHaveLength(frameBytes)
    expect(encodeFrame(100_000, revealOf(frameBytes))).toHaveLength(frameBytes)
  })

  it('carry the same as JSON', () => {
    const { prompt, id } = challengeOf(4_096)
    const json = asJson(challengeOf(4_096))
    expect(json.prompt).toBe(prompt)
    expect(Buffer.from(String(json.id), 'base64')).toEqual(Buffer.from(id))
  })
})
