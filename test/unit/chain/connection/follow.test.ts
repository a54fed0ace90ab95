import { describe, expect, it } from 'vitest'
import { lookFor, newPending, type Pending } from '../../../../shared/chain/substrate/follow.ts'
import type { ChainLook, Included } from '../../../../shared/chain/substrate/inclusion.ts'
import type { ChainSession } from '../../../../shared/chain/substrate/session.ts'
import { StarlingError } from '../../../../shared/process/errors.ts'

const BIRTH = 100
const NONCE = 7

/** A transaction that was signed at block 100 and can be in blocks up to 163. */
function pending(changes: Partial<Pending> = {}): Pending {
  const signed = { name: 'a.b', address: '5X', nonce: NONCE, hash: '0xaa', encoded: '0xbb', death: 164 }
  return { ...newPending(signed, BIRTH), sends: 1, ...changes }
}

const included = (block: string): Included => ({
  receipt: { txHash: '0xaa', block: { number: 0, hash: block } },
  events: [],
  index: 0,
  block: null,
})

/** A chain up to a block; the account's nonce moves past ours in block `usedIn`, by ours where `isOurs`. */
function chain(head: number, usedIn = Number.POSITIVE_INFINITY, isOurs = true) {
  const asked: string[] = []
  const session = { heads: { newest: () => ({ number: head, hash: `#${head}` }) } } as ChainSession
  const look: ChainLook = {
    async nonceAt(_address, block) {
      asked.push(`nonce ${block}`)
      return Number(block.slice(1)) >= usedIn ? NONCE + 1 : NONCE
    },
    async blockOfNonce(_address, nonce, after, upTo) {
      asked.push(`search ${after}..${upTo.number}`)
      expect(nonce).toBe(NONCE)
      return `#${usedIn}`
    },
    async outcomeIn(block) {
      asked.push(`block ${block}`)
      return isOurs && block === `#${usedIn}` ? included(block) : undefined
    },
  }
  return { asked, lookIn: (transaction: Pending) => lookFor(transaction, session, look) }
}

describe('what became of a transaction', () => {
  it('is open while the nonce is unused, and costs one request a block', async () => {
    const transaction = pending()
    const { asked, lookIn } = chain(105)
    expect(await lookIn(transaction)).toBeUndefined()
    expect(await lookIn(transaction)).toBeUndefined()
    expect(asked).toEqual(['nonce #105'])
    expect(transaction.unusedUpTo).toBe(105)
  })

  it('is in the block in which the nonce was used', async () => {
    const { asked, lookIn } = chain(110, 107)
    expect(await lookIn(pending({ unusedUpTo: 103 }))).toEqual(included('#107'))
    expect(asked).toEqual(['nonce #110', 'search 103..110', 'block #107'])
  })

  it('is refused when another transaction is in that block', async () => {
    await expect(chain(110, 107, false).lookIn(pending())).rejects.toMatchObject({
      code: 'CHAIN_REJECTED',
      message: expect.stringContaining('another transaction of this account took its place'),
    })
  })

  it('is open up to the last block that it can be in, and refused from there', async () => {
    expect(await chain(162).lookIn(pending())).toBeUndefined()
    expect(await chain(163, 163).lookIn(pending())).toEqual(included('#163'))
    await expect(chain(163).lookIn(pending())).rejects.toMatchObject({
      code: 'CHAIN_REJECTED',
      message: expect.stringContaining('no block took it while it was valid'),
    })
  })

  it('is looked for in the chain before a node’s word that it is invalid counts', async () => {
    expect(await chain(110, 107).lookIn(pending({ invalid: true }))).toEqual(included('#107'))
    await expect(chain(110).lookIn(pending({ invalid: true }))).rejects.toMatchObject({
      code: 'CHAIN_REJECTED',
      message: expect.stringContaining('invalid'),
    })
  })

  it('is not where a node says that it is final until it is there', async () => {
    expect(await chain(110, 107).lookIn(pending({ finalIn: '#107' }))).toEqual(included('#107'))
    const wrong = pending({ finalIn: '#105' })
    expect(await chain(106).lookIn(wrong)).toBeUndefined()
    expect(wrong.finalIn).toBeUndefined()
  })

  it('is what the runtime refused it for', async () => {
    const refusal = new StarlingError('CHAIN_SETTING_WEIGHTS_TOO_FAST', 'too fast')
    const session = { heads: { newest: () => ({ number: 110, hash: '#110' }) } } as ChainSession
    const look = { outcomeIn: () => Promise.reject(refusal) } as unknown as ChainLook
    await expect(lookFor(pending({ finalIn: '#1' }), session, look)).rejects.toBe(refusal)
  })
})
