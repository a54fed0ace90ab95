import { z } from 'zod'
import type { Header } from '../runtime/header.ts'
import type { Hex } from '../runtime/scale.ts'
import { blockOf, hashParam, type Method, parseParams, type Subscription } from './method.ts'

const numberParam = z.union([
  z.number().int().nonnegative(),
  z
    .string()
    .regex(/^0x[0-9a-f]{1,13}$/i)
    .transform(Number),
])

const getBlockHash: Method = async (chain, params) => {
  const [which] = parseParams(z.tuple([z.union([numberParam, z.array(numberParam)]).nullish()]), params)
  const hashOf = async (number: number) => (await chain.hashOf(number)) ?? null
  if (Array.isArray(which)) return Promise.all(which.map(hashOf))
  return which == null ? chain.history.head.hash : hashOf(which)
}

const getHeader: Method = ({ history }, params) => {
  const [hash] = parseParams(z.tuple([hashParam]), params)
  const block = hash == null ? history.head : history.byHash(hash)
  return block === undefined ? null : headerJson(block.header)
}

const getBlock: Method = (chain, params) => {
  const [hash] = parseParams(z.tuple([hashParam]), params)
  if (hash != null && chain.history.byHash(hash) === undefined) return null
  const { header, extrinsics } = blockOf(chain, hash)
  return { block: { header: headerJson(header), extrinsics }, justifications: null }
}

const heads = (notification: string): Subscription => ({
  notification,
  start(chain, _params, push) {
    push(headerJson(chain.history.head.header))
    return chain.onHead((block) => push(headerJson(block.header)))
  },
})

export const chainMethods: Readonly<Record<string, Method>> = {
  chain_getBlockHash: getBlockHash,
  chain_getHead: getBlockHash,
  chain_getHeader: getHeader,
  chain_getBlock: getBlock,
  chain_getFinalizedHead: ({ history }) => history.head.hash,
  chain_getFinalisedHead: ({ history }) => history.head.hash,
}

// Every block is final at once, so the three kinds of heads are the same.
export const chainSubscriptions: Readonly<Record<string, Subscription>> = {
  chain_subscribeNewHeads: heads('chain_newHead'),
  chain_subscribeNewHead: heads('chain_newHead'),
  chain_subscribeAllHeads: heads('chain_allHead'),
  chain_subscribeFinalizedHeads: heads('chain_finalizedHead'),
  chain_subscribeFinalisedHeads: heads('chain_finalizedHead'),
}

export const chainUnsubscribes: readonly string[] = [
  'chain_unsubscribeNewHeads',
  'chain_unsubscribeNewHead',
  'chain_unsubscribeAllHeads',
  'chain_unsubscribeFinalizedHeads',
  'chain_unsubscribeFinalisedHeads',
]

function headerJson(header: Header): Record<string, unknown> {
  const number: Hex = `0x${header.number.toString(16)}`
  const { parentHash, stateRoot, extrinsicsRoot, logs } = header
  return { parentHash, number, stateRoot, extrinsicsRoot, digest: { logs } }
}
