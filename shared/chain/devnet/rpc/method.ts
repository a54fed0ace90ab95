import { z } from 'zod'
import type { Chain } from '../node/chain.ts'
import { type Hex, isHex } from '../runtime/scale.ts'
import type { Block } from '../storage/history.ts'
import type { StateView } from '../storage/state.ts'
import { INVALID_PARAMS, RpcError } from './rpc-error.ts'

/** Answers a call; what it returns becomes the JSON result. */
export type Method = (chain: Chain, params: readonly unknown[]) => unknown

/** A call that starts a stream of notifications. */
export interface Subscription {
  /** `method` field of its notifications. */
  notification: string
  /**
   * Starts it. `push` may be called at once; notifications go out after the reply. `end` closes the subscription from
   * this side. Returns what stops it.
   */
  start(
    chain: Chain,
    params: readonly unknown[],
    push: (result: unknown) => void,
    end: () => void,
  ): Promise<() => void> | (() => void)
}

export const hexParam = z
  .custom<Hex>(isHex, 'hex with 0x prefix expected')
  .transform((text) => text.toLowerCase() as Hex)
export const hashParam = z.string().nullish()

/** Checks a call's parameters, filling up with undefined. Throws an RpcError that says what is wrong. */
export function parseParams<T extends z.ZodTuple>(schema: T, params: readonly unknown[]): z.output<T> {
  const length = schema.def.items.length
  const result = schema.safeParse(Array.from({ length }, (_, i) => params[i]))
  if (result.success) return result.data
  const problem = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join(', ')
  throw new RpcError(INVALID_PARAMS, 'Invalid params', problem)
}

/** The block that a call is about: the newest unless it names one. */
export function blockOf(chain: Chain, hash: string | null | undefined): Block {
  const block = hash == null ? chain.history.head : chain.history.byHash(hash.toLowerCase())
  if (block === undefined)
    throw new RpcError(4001, `UnknownBlock: Header was not found in the database: ${hash}`)
  return block
}

export function stateOf(chain: Chain, hash: string | null | undefined): StateView {
  const block = blockOf(chain, hash)
  const state = chain.history.stateAt(block)
  if (state === undefined) throw new RpcError(4003, `UnknownBlock: State already discarded for ${block.hash}`)
  return state
}
