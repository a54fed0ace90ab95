import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ATTACKER,
  fuzzAsker,
  fuzzListener,
  fuzzUpgrade,
} from '../../../scripts/bench/endure/fuzz/fuzz-live.ts'
import { notCoded } from '../../../scripts/bench/endure/fuzz/measure-fuzz.ts'
import { startTarget, type Target } from '../../../scripts/bench/endure/hostile/target.ts'
import { seededRandom } from '../../../shared/inference/random.ts'

const SLOW = 120_000
const total = (endings: Readonly<Record<string, number>>) =>
  Object.values(endings).reduce((sum, count) => sum + count, 0)

/** A process of its own: what an attack ended would be gone, and the next look at it would fail. */
let target: Target
beforeAll(async () => {
  const limits = { upgradesPerMinute: 1e9, connectionsPerHotkey: 1_000 }
  target = await startTarget({ limits, allowed: [ATTACKER.address] })
}, SLOW)
afterAll(() => target.stop())

describe('a process that is sent damaged things lives on, and says why with a code', () => {
  it.each(['axon', 'gate'] as const)(
    'at its %s',
    async (where) => {
      const endings = await fuzzListener(target, where, 20, seededRandom(11), () => {})
      expect(total(endings)).toBe(20)
      expect(notCoded(endings)).toBe(0)
    },
    SLOW,
  )

  it(
    'in place of an upgrade',
    async () => {
      expect(total(await fuzzUpgrade(target, 40, seededRandom(12), () => {}))).toBe(40)
    },
    SLOW,
  )

  it(
    'where it asks',
    async () => {
      const endings = await fuzzAsker(target, 15, seededRandom(13))
      expect(total(endings)).toBe(15)
      expect(notCoded(endings)).toBe(0)
    },
    SLOW,
  )

  it(
    'and holds no connection afterwards',
    async () => {
      await expect.poll(async () => (await target.look()).connections, { timeout: 60_000 }).toBe(0)
    },
    SLOW,
  )
})
