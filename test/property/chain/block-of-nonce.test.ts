import type { ApiPromise } from '@polkadot/api'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createChainLook } from '../../../shared/chain/substrate/inclusion.ts'
import type { RpcConnection } from '../../../shared/chain/substrate/rpc-connection.ts'

const api = {
  query: { system: { account: { key: (address: string) => address } } },
  registry: {
    createType: (_type: string, stored: string) => ({ nonce: { toNumber: () => Number(stored) } }),
  },
} as unknown as ApiPromise

/** A chain whose account has `nonces[i]` after block i. */
function chainOf(nonces: readonly number[]) {
  let requests = 0
  const connection = {
    async request(method: string, params: readonly unknown[]) {
      requests++
      if (method === 'chain_getBlockHash') return `#${params[0]}`
      return String(nonces[Number(String(params[1]).slice(1))])
    },
  } as RpcConnection
  return { look: createChainLook(() => api, connection), requests: () => requests }
}

/** Transactions of the account in each block after the first. */
const history = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 80 })

describe('the block in which a nonce was used', () => {
  it('is the first after which the account’s nonce is past it, found in few requests', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.nat(), async (counts, choice) => {
        const nonces = [5]
        for (const count of counts) nonces.push(nonces.at(-1)! + count)
        const head = nonces.length - 1
        const used = nonces[head]! - nonces[0]!
        fc.pre(used > 0)
        const nonce = nonces[0]! + (choice % used)
        const { look, requests } = chainOf(nonces)
        const found = await look.blockOfNonce('5X', nonce, 0, { number: head, hash: `#${head}` })
        expect(found).toBe(`#${nonces.findIndex((after) => after > nonce)}`)
        expect(requests()).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(head)))
      }),
    )
  })
})
