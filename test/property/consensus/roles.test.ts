import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assignRoles } from '../../../shared/consensus/roles.ts'

const key = fc.uint8Array({ minLength: 32, maxLength: 32 })
const field = fc
  .uniqueArray(key, { maxLength: 30, selector: (bytes) => Buffer.from(bytes).toString('hex') })
  .map((keys) => keys.map((publicKey, i) => ({ hotkey: `hot${i}`, publicKey })))

describe('assignRoles', () => {
  it('gives everyone exactly one role, whatever the order of the input', () => {
    fc.assert(
      fc.property(key, field, fc.infiniteStream(fc.nat()), (id, miners, keys) => {
        const roles = assignRoles(id, miners)
        const everyone = [...roles.answerers, ...roles.judges]
        expect(everyone.toSorted()).toEqual(miners.map(({ hotkey }) => hotkey).toSorted())
        const shuffled = miners
          .map((miner) => ({ miner, at: keys.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ miner }) => miner)
        expect(assignRoles(id, shuffled)).toEqual(roles)
      }),
    )
  })

  it('evens out small groups to within one', () => {
    fc.assert(
      fc.property(key, field, (id, miners) => {
        const few = miners.slice(0, 12)
        const { answerers, judges } = assignRoles(id, few)
        expect(answerers.length - judges.length).toBeOneOf([0, 1])
      }),
    )
  })

  it('is fair: over many challenges everyone answers about half of the time', () => {
    for (const count of [6, 20]) {
      const miners = Array.from({ length: count }, (_, i) => ({
        hotkey: `hot${i}`,
        publicKey: Uint8Array.from(createHash('sha256').update(`key ${i}`).digest()),
      }))
      const answered = new Map(miners.map(({ hotkey }) => [hotkey, 0]))
      for (let id = 0; id < 2000; id++) {
        const challenge = createHash('sha256').update(`challenge ${id}`).digest()
        for (const hotkey of assignRoles(challenge, miners).answerers)
          answered.set(hotkey, answered.get(hotkey)! + 1)
      }
      // Binomial standard deviation 22; the ids are fixed, so this either holds or it does not.
      for (const times of answered.values()) expect(Math.abs(times - 1000)).toBeLessThan(90)
    }
  })
})
