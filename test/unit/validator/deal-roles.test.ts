import { describe, expect, it } from 'vitest'
import { taggedHash, u32 } from '../../../shared/proof/hash.ts'
import { dealRoles } from '../../../validator/round/deal-roles.ts'

const miners = Array.from({ length: 12 }, (_, uid) => ({
  ...{ hotkey: `miner-${uid}`, publicKey: taggedHash('miner', u32(uid)), coldkey: `cold-${uid}` },
}))
const ids = Array.from({ length: 50 }, (_, i) => taggedHash('challenge', u32(i)))
const nobody = () => false
const all = { maxJudges: 12 }
const names = (those: readonly { readonly hotkey: string }[]) => those.map(({ hotkey }) => hotkey)

describe('dealRoles', () => {
  it('seats the first judges by digest', () => {
    for (const id of ids) {
      const everybody = dealRoles(id, miners, nobody, all)
      expect(everybody.answerers).toHaveLength(6)
      expect(everybody.judges).toHaveLength(6)
      expect(dealRoles(id, miners, nobody, { maxJudges: 3 }).judges).toEqual(everybody.judges.slice(0, 3))
    }
  })

  it('asks the silenced beside those that count, and never in their place', () => {
    const silenced = new Set(['miner-1', 'miner-4', 'miner-7'])
    for (const id of ids) {
      const free = names(dealRoles(id, miners, nobody, all).judges)
      const judges = names(dealRoles(id, miners, (hotkey) => silenced.has(hotkey), { maxJudges: 3 }).judges)
      const heard = free.filter((hotkey) => !silenced.has(hotkey))
      expect(judges.filter((hotkey) => !silenced.has(hotkey))).toEqual(heard.slice(0, 3))
      // As far as the last that is seated.
      expect(judges).toEqual(free.slice(0, judges.length))
    }
  })

  it('lets no relative of an answerer judge, and ranks nothing with one judge left', () => {
    const owned = miners.map((miner, uid) => ({ ...miner, coldkey: `cold-${uid % 4}` }))
    let [ranked, unranked] = [0, 0]
    for (const id of ids) {
      const { answerers, judges } = dealRoles(id, owned, nobody, all)
      const owners = new Set(answerers.map(({ coldkey }) => coldkey))
      const before = names(dealRoles(id, miners, nobody, all).judges)
      const free = before.filter((h) => !owners.has(owned.find(({ hotkey }) => hotkey === h)!.coldkey))
      expect(names(judges)).toEqual(free.length < 2 ? [] : free)
      if (judges.length === 0) unranked++
      else ranked++
    }
    expect(Math.min(ranked, unranked)).toBeGreaterThan(0)
  })

  it('ranks nothing where fewer than three answer', () => {
    const four = miners.slice(0, 4)
    for (const id of ids) expect(dealRoles(id, four, nobody, all)).toMatchObject({ judges: [] })
  })
})
