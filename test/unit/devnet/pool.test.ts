import { describe, expect, it } from 'vitest'
import { createPool, type PoolStatus } from '../../../shared/chain/devnet/node/pool.ts'
import type { Hex } from '../../../shared/chain/devnet/runtime/scale.ts'
import type { Validity } from '../../../shared/chain/devnet/runtime/validity.ts'

const tag = (account: string, nonce: number): Hex => `0x${account}${nonce}`

/** What the runtime says of a transaction with this nonce when the account's next nonce is `next`. */
function validity(account: string, nonce: number, next: number, priority = 1n, longevity = 64n): Validity {
  const requires = nonce > next ? [tag(account, nonce - 1)] : []
  return { priority, requires, provides: [tag(account, nonce)], longevity }
}

describe('the transaction pool', () => {
  it('orders by nonce within an account, whatever order they come in', () => {
    const pool = createPool()
    const seen: [Hex, PoolStatus][] = []
    for (const nonce of [2, 0, 3, 1]) {
      const transaction: Hex = `0x${nonce}`
      pool.add(transaction, transaction, validity('a', nonce, 0), 10, (status) =>
        seen.push([transaction, status]),
      )
    }
    expect(pool.ready()).toEqual(['0x0', '0x1', '0x2', '0x3'])
    expect(seen).toEqual([
      ['0x2', 'future'],
      ['0x0', 'ready'],
      ['0x3', 'future'],
      ['0x1', 'ready'],
    ])
    expect(pool.provided()).toEqual(new Set([0, 1, 2, 3].map((nonce) => tag('a', nonce))))
  })

  it('keeps what is ahead of its account until a block closes the gap', () => {
    const pool = createPool()
    pool.add('0x1', '0x1', validity('a', 1, 0), 10)
    pool.add('0x9', '0x9', validity('b', 0, 0), 10)
    expect(pool.ready()).toEqual(['0x9'])
    pool.add('0x0', '0x0', validity('a', 0, 0), 10)
    pool.settle(11, ['0x0'], [])
    expect(pool.ready()).toEqual(['0x1', '0x9'])
  })

  it('takes the greater priority first', () => {
    const pool = createPool()
    pool.add('0x1', '0x1', validity('a', 0, 0, 1n), 10)
    pool.add('0x2', '0x2', validity('b', 0, 0, 2n ** 63n), 10)
    expect(pool.ready()).toEqual(['0x2', '0x1'])
  })

  it('replaces a rival of lower priority and tells its watcher', () => {
    const pool = createPool()
    const seen: PoolStatus[] = []
    pool.add('0x1', '0xh1', validity('a', 0, 0, 1n), 10, (status) => seen.push(status))
    expect(() => pool.add('0x2', '0xh2', validity('a', 0, 0, 1n), 10)).toThrow(
      /Priority is too low: \(1 vs 1\)/,
    )
    pool.add('0x3', '0xh3', validity('a', 0, 0, 2n), 10)
    expect(pool.all()).toEqual(['0x3'])
    expect(seen).toEqual(['ready', { usurped: '0xh3' }])
    expect(() => pool.add('0x3', '0xh3', validity('a', 0, 0, 2n), 10)).toThrow(/Already Imported/)
  })

  it('tells the watcher of what was refused or has expired', () => {
    const pool = createPool()
    const seen: string[] = []
    const watcher = (name: string) => (status: PoolStatus) => seen.push(`${name} ${String(status)}`)
    pool.add('0x1', '0x1', validity('a', 0, 0), 10, watcher('refused'))
    pool.add('0x2', '0x2', validity('b', 5, 0, 1n, 3n), 10, watcher('mortal'))
    pool.settle(11, [], ['0x1'])
    pool.settle(13, [], [])
    expect(pool.size).toBe(1)
    pool.settle(14, [], [])
    expect(pool.size).toBe(0)
    expect(seen).toEqual(['refused ready', 'mortal future', 'refused invalid', 'mortal invalid'])
  })
})
