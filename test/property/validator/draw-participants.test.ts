import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { taggedHash, u32 } from '../../../shared/proof/hash.ts'
import { roundConfigSchema } from '../../../validator/config.ts'
import { drawParticipants } from '../../../validator/round/participants.ts'

const miner = (uid: number) => ({ hotkey: `miner-${uid}`, publicKey: taggedHash('test', u32(uid)) })
const lotOf = (draw: number) => taggedHash('lot', u32(draw))
const config = roundConfigSchema.parse({ maxParticipants: 16 })
const names = (miners: readonly { readonly hotkey: string }[]) => miners.map(({ hotkey }) => hotkey)

describe('drawParticipants', () => {
  it('takes everybody where there is room, and otherwise as many as there is room for', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(1_000), (count, draw) => {
        const miners = Array.from({ length: count }, (_, uid) => miner(uid))
        const drawn = drawParticipants(miners, (hotkey) => hotkey.length / 100, lotOf(draw), config)
        expect(drawn).toHaveLength(Math.min(count, 16))
        expect(miners.filter((one) => drawn.includes(one))).toEqual(drawn)
      }),
    )
  })

  it('draws the same whatever the order, and whatever scores are multiplied by', () => {
    const scores = fc.array(fc.nat(1_000), { minLength: 17, maxLength: 40 })
    fc.assert(
      fc.property(scores, fc.nat(1_000), fc.constantFrom(0.5, 0.25, 1 / 1024), (all, draw, factor) => {
        const miners = all.map((_, uid) => miner(uid))
        const scoreOf = (hotkey: string) => all[Number(hotkey.slice('miner-'.length))]!
        const drawn = names(drawParticipants(miners, scoreOf, lotOf(draw), config))
        const turned = drawParticipants(
          [...miners].reverse(),
          (h) => scoreOf(h) * factor,
          lotOf(draw),
          config,
        )
        expect(names(turned).reverse()).toEqual(drawn)
      }),
    )
  })

  it('hears the worst at least a quarter as often as the best, and nobody more often for a worse score', () => {
    const DRAWS = 2_000
    const miners = Array.from({ length: 40 }, (_, uid) => miner(uid))
    // Ten each: the best, the middling, the bad and those that were never heard.
    const scoreOf = (hotkey: string) => [0.8, 0.4, 0.08, 0][Math.floor(Number(hotkey.slice(6)) / 10)]!
    const counts = [0, 0, 0, 0]
    for (let draw = 0; draw < DRAWS; draw++)
      for (const { hotkey } of drawParticipants(miners, scoreOf, lotOf(draw), config))
        counts[Math.floor(Number(hotkey.slice(6)) / 10)]!++
    const shares = counts.map((count) => count / (10 * DRAWS))
    const [best, middling, bad, unheard] = shares as [number, number, number, number]
    expect(best + middling + bad + unheard).toBeCloseTo(16 / 10, 10)
    expect(unheard / best).toBeGreaterThan(config.samplingFloor)
    expect(middling / best).toBeGreaterThan(0.5)
    // The floor is one for both: three standard errors of a difference of two shares over 20,000 tries each.
    expect(Math.abs(bad - unheard)).toBeLessThan(3 * Math.sqrt((2 * bad * (1 - bad)) / (10 * DRAWS)))
  })

  it('draws evenly where nobody has a score yet', () => {
    const miners = Array.from({ length: 32 }, (_, uid) => miner(uid))
    const counts = new Map<string, number>()
    for (let draw = 0; draw < 1_000; draw++)
      for (const { hotkey } of drawParticipants(miners, () => 0, lotOf(draw), config))
        counts.set(hotkey, (counts.get(hotkey) ?? 0) + 1)
    // Half of the draws each; 4.5 standard deviations of a fair coin.
    for (const { hotkey } of miners) expect(Math.abs(counts.get(hotkey)! - 500)).toBeLessThan(71)
  })
})
