import { expect, it } from 'vitest'
import { toHex } from '../../../shared/proof/hash.ts'
import { readHeaders } from '../../../validator/round/read-headers.ts'
import { roundChain } from '../../support/round-chain.ts'

it('reads the headers from one block to a later one, each the parent of the next', async () => {
  const { chain, makeUpTo, hashOf } = roundChain()
  makeUpTo(9)
  const at = (number: number) => ({ number, hash: hashOf(number) })
  const headers = await readHeaders(chain, at(4), at(7))
  expect(headers).toHaveLength(4)
  expect(headers.map((header) => toHex(header.subarray(0, 32)))).toEqual([3, 4, 5, 6].map(hashOf))
  expect(await readHeaders(chain, at(4), at(4))).toEqual(headers.slice(0, 1))
})

it('does not read across a fork', async () => {
  const { chain, makeUpTo, hashOf } = roundChain()
  makeUpTo(9)
  const elsewhere = { number: 4, hash: `0x${'ee'.repeat(32)}` }
  await expect(readHeaders(chain, elsewhere, { number: 7, hash: hashOf(7) })).rejects.toMatchObject({
    code: 'CHAIN_FORKED',
  })
})
