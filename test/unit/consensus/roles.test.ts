import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { assignRoles } from '../../../shared/consensus/roles.ts'

const bytes = (text: string) => Uint8Array.from(createHash('sha256').update(text).digest())
const miners = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ hotkey: `hot${i}`, publicKey: bytes(`key ${i}`) }))

describe('assignRoles', () => {
  it.each([
    [0, 0, 0, false],
    [1, 1, 0, false],
    [2, 1, 1, false],
    [3, 2, 1, false],
    [4, 2, 2, false],
    [5, 3, 2, true],
    [8, 4, 4, true],
    [12, 6, 6, true],
  ])('of %i miners, %i answer and %i judge; rankable %s', (count, answerers, judges, rankable) => {
    for (let id = 0; id < 20; id++) {
      const roles = assignRoles(bytes(`challenge ${id}`), miners(count))
      expect([roles.answerers.length, roles.judges.length, roles.rankable]).toEqual([
        answerers,
        judges,
        rankable,
      ])
    }
  })

  it('follows the last bit of the digest alone above twelve miners', () => {
    const id = bytes('challenge')
    const many = miners(40)
    const roles = assignRoles(id, many)
    for (const { hotkey, publicKey } of many) {
      const digest = createHash('sha256').update(id).update(publicKey).digest()
      expect((digest[31]! & 1) === 0 ? roles.answerers : roles.judges).toContain(hotkey)
    }
    expect(roles.answerers.length + roles.judges.length).toBe(40)
  })

  it('moves the lowest digests of the larger group when evening out', () => {
    const few = miners(8)
    const uneven = Array.from({ length: 50 }, (_, i) => bytes(`challenge ${i}`)).find((id) => {
      const even = few.filter(({ publicKey }) => (digestOf(id, publicKey)[31]! & 1) === 0)
      return even.length === 6
    })!
    const even = few
      .map((miner) => ({ ...miner, digest: digestOf(uneven, miner.publicKey) }))
      .filter(({ digest }) => (digest[31]! & 1) === 0)
      .sort((a, b) => Buffer.compare(a.digest, b.digest))
    expect(assignRoles(uneven, few).answerers).toEqual(even.slice(2).map(({ hotkey }) => hotkey))
  })

  it('refuses a key that is listed twice', () => {
    const twice = [...miners(3), { hotkey: 'other', publicKey: miners(1)[0]!.publicKey }]
    expect(() => assignRoles(bytes('x'), twice)).toThrow(
      expect.objectContaining({ code: 'DUPLICATE_HOTKEY' }),
    )
  })
})

function digestOf(id: Uint8Array, publicKey: Uint8Array): Buffer {
  return createHash('sha256').update(id).update(publicKey).digest()
}
