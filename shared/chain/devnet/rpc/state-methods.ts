import { blake2AsU8a } from '@polkadot/util-crypto'
import { z } from 'zod'
import { hasCode } from '../../../process/errors.ts'
import type { Chain } from '../node/chain.ts'
import { CODE_KEY } from '../runtime/executor.ts'
import { fromHex, type Hex, scaleReader, toHex } from '../runtime/scale.ts'
import { pageOfKeys, type StateView } from '../storage/state.ts'
import {
  blockOf,
  hashParam,
  hexParam,
  type Method,
  parseParams,
  type Subscription,
  stateOf,
} from './method.ts'
import { RpcError } from './rpc-error.ts'

/** Keys in one page, and in one storage subscription or query, at most: a Substrate node's limit. */
const MAX_KEYS = 1000

const keyAt = z.tuple([hexParam, hashParam])
const keysParam = z.array(hexParam).max(MAX_KEYS)

const getStorage: Method = (chain, params) => {
  const [key, hash] = parseParams(keyAt, params)
  return stateOf(chain, hash).get(key) ?? null
}

const getStorageHash: Method = (chain, params) => {
  const [key, hash] = parseParams(keyAt, params)
  const value = stateOf(chain, hash).get(key)
  return value === undefined ? null : toHex(blake2AsU8a(fromHex(value), 256))
}

const getStorageSize: Method = (chain, params) => {
  const [key, hash] = parseParams(keyAt, params)
  const value = stateOf(chain, hash).get(key)
  return value === undefined ? null : (value.length - 2) / 2
}

const getKeysPaged: Method = (chain, params) => {
  const count = z.number().int().nonnegative().max(MAX_KEYS)
  const schema = z.tuple([hexParam.nullish(), count, hexParam.nullish(), hashParam])
  const [prefix, limit, start, hash] = parseParams(schema, params)
  return pageOfKeys(stateOf(chain, hash), prefix ?? '0x', limit, start ?? undefined)
}

const queryStorageAt: Method = (chain, params) => {
  const [keys, hash] = parseParams(z.tuple([keysParam, hashParam]), params)
  return [changeSet(blockOf(chain, hash).hash, stateOf(chain, hash), keys)]
}

const call: Method = async (chain, params) => {
  const [name, argument, hash] = parseParams(z.tuple([z.string(), hexParam, hashParam]), params)
  return toHex(await runtimeCall(chain, hash, name, argument))
}

const getMetadata: Method = async (chain, params) => {
  const [hash] = parseParams(z.tuple([hashParam]), params)
  const metadata = scaleReader(await runtimeCall(chain, hash, 'Metadata_metadata', '0x'))
  return toHex(metadata.bytes())
}

const getRuntimeVersion: Method = (chain, params) => {
  const [hash] = parseParams(z.tuple([hashParam]), params)
  return versionOf(chain, stateOf(chain, hash))
}

const subscribeStorage: Subscription = {
  notification: 'state_storage',
  start(chain, params, push) {
    const [keys] = parseParams(z.tuple([keysParam]), params)
    push(changeSet(chain.history.head.hash, chain.state(), keys))
    return chain.onHead((block, changes) => {
      const changed = keys.filter((key) => changes.has(key))
      if (changed.length > 0) push(changeSet(block.hash, chain.state(), changed))
    })
  },
}

const subscribeRuntimeVersion: Subscription = {
  notification: 'state_runtimeVersion',
  async start(chain, _params, push) {
    push(await versionOf(chain, chain.state()))
    return chain.onHead((_block, changes) => {
      if (changes.has(CODE_KEY)) void versionOf(chain, chain.state()).then(push, () => {})
    })
  },
}

export const stateMethods: Readonly<Record<string, Method>> = {
  state_getStorage: getStorage,
  state_getStorageAt: getStorage,
  state_getStorageHash: getStorageHash,
  state_getStorageHashAt: getStorageHash,
  state_getStorageSize: getStorageSize,
  state_getStorageSizeAt: getStorageSize,
  state_getKeysPaged: getKeysPaged,
  state_getKeysPagedAt: getKeysPaged,
  state_queryStorageAt: queryStorageAt,
  state_call: call,
  state_callAt: call,
  state_getMetadata: getMetadata,
  state_getRuntimeVersion: getRuntimeVersion,
  chain_getRuntimeVersion: getRuntimeVersion,
}

export const stateSubscriptions: Readonly<Record<string, Subscription>> = {
  state_subscribeStorage: subscribeStorage,
  state_subscribeRuntimeVersion: subscribeRuntimeVersion,
  chain_subscribeRuntimeVersion: subscribeRuntimeVersion,
}

export const stateUnsubscribes: readonly string[] = [
  'state_unsubscribeStorage',
  'state_unsubscribeRuntimeVersion',
  'chain_unsubscribeRuntimeVersion',
]

/** Runs a runtime API function on the state after a block; its changes are thrown away. */
async function runtimeCall(
  chain: Chain,
  hash: string | null | undefined,
  name: string,
  argument: Hex,
): Promise<Uint8Array> {
  const state = stateOf(chain, hash)
  try {
    return await chain.answers.of(blockOf(chain, hash).hash, `${name} ${argument}`, async () => {
      const { result } = await chain.executor.run(state, [[name, fromHex(argument)]])
      return result
    })
  } catch (error) {
    if (!hasCode(error, 'RUNTIME_TRAPPED')) throw error
    throw new RpcError(
      4003,
      'Client error: Execution failed',
      `${name} failed in the runtime or does not exist`,
    )
  }
}

async function versionOf(chain: Chain, state: StateView): Promise<unknown> {
  return chain.executor.version(state.get(CODE_KEY) ?? '0x')
}

function changeSet(block: Hex, state: StateView, keys: readonly Hex[]): Record<string, unknown> {
  return { block, changes: keys.map((key) => [key, state.get(key) ?? null]) }
}
