import { describe, expect, it } from 'vitest'
import { decodeWindows, steadyWindow } from '../../../scripts/bench/engine/decode.ts'
import { measurePeers } from '../../../scripts/bench/engine/measure-peers.ts'
import { QUICK } from '../../../scripts/bench/engine/sample-sizes.ts'
import { compareInTurns } from '../../../scripts/bench/engine/side-by-side.ts'
import type { EngineStats } from '../../../shared/inference/engine.ts'
import { seededRandom } from '../../../shared/inference/random.ts'
import { StarlingError } from '../../../shared/process/errors.ts'

const look = (atMs: number, steps: number, decodedTokens: number, prefilledTokens = 64) => ({
  atMs,
  steps,
  decodedTokens,
  prefilledTokens,
  runMs: steps,
  stepMs: 2 * steps,
})

describe('a decode window', () => {
  it('starts when all is read and ends before the first answer does', () => {
    const reading = look(0, 0, 0, 32)
    const looks = [reading, look(10, 5, 10), look(20, 10, 20), look(30, 20, 40), look(40, 30, 55)]
    expect(steadyWindow(looks, 2)).toEqual({ batch: 2, ms: 20, steps: 15, tokens: 30, runMs: 15, stepMs: 30 })
  })

  it('is empty where no two looks fit', () => {
    expect(steadyWindow([look(0, 0, 0), look(10, 5, 9)], 2)).toMatchObject({ ms: 0, steps: 0 })
    expect(steadyWindow([], 2)).toMatchObject({ ms: 0, steps: 0 })
  })

  it('that stays empty ends the measurement with an error', async () => {
    const stats = async () => look(0, 0, 0) as unknown as EngineStats
    const generate = async () => ({ text: '', tokens: [], finish: 'length' as const })
    const options = { leastMs: 1, leastWindows: 1, random: seededRandom(1), now: () => 0 }
    await expect(decodeWindows({ stats, generate }, [1], options)).rejects.toMatchObject({
      code: 'BENCH_WINDOW',
    })
  })
})

describe('peers', () => {
  it('take turns with ours, and the first turn does not count', async () => {
    const order: string[] = []
    const job = (who: string, speeds: number[]) => async () => {
      order.push(who)
      return { tokens: speeds.shift()!, ms: 1_000 }
    }
    const [us, them] = [job('us', [1, 400, 600, 500]), job('them', [9_999, 100, 100, 300])]
    const compared = await compareInTurns(3, us, them, async () => order.push('pause'))
    expect(order).toEqual(Array(4).fill(['pause', 'us', 'pause', 'them']).flat())
    expect(compared).toEqual({ ours: [400, 600, 500], theirs: [100, 100, 300], ratio: 5 })
  })

  it('that cannot be had are named, without a bar', async () => {
    const model = { speedFolder: 'nowhere', trained: undefined }
    const context = {
      sizes: { ...QUICK, peerTurns: 1 },
      models: { small: model, base: model },
      threads: 1,
      seed: 1,
      now: () => 0,
      report: () => {},
    }
    const measure = (error: Error) =>
      measurePeers(context as unknown as Parameters<typeof measurePeers>[0], () => Promise.reject(error))
    const { raw, bars } = await measure(new StarlingError('PEER_UNAVAILABLE', 'no registry'))
    expect(bars).toEqual([])
    expect(raw.peers).toMatchObject({ 'peer.llamacpp': { absent: expect.stringContaining('no registry') } })
    await expect(measure(new Error('ours'))).rejects.toThrow('ours')
  })
})
