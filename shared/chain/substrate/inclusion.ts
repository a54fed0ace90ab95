import type { ApiPromise } from '@polkadot/api'
import type { AccountInfo, DispatchError, EventRecord } from '@polkadot/types/interfaces'
import type { Codec } from '@polkadot/types/types'
import type { Result, Vec } from '@polkadot/types-codec'
import { z } from 'zod'
import type { BlockHeader, Receipt } from '../chain-client.ts'
import { storageKey } from './metadata.ts'
import { dispatchRejection } from './rejection.ts'
import type { RpcConnection } from './rpc-connection.ts'

const headerSchema = z.object({ number: z.string() })
const blockSchema = z
  .object({ block: z.object({ header: headerSchema, extrinsics: z.array(z.string()) }) })
  .transform(({ block }) => block)
const hexSchema = z.string().nullable()

/** A transaction in a finalized block, with the events that it caused. */
export interface Included {
  readonly receipt: Receipt
  readonly events: readonly EventRecord[]
  /** Its place in the block. */
  readonly index: number
  /** The block as the node gave it: `chain_getBlock`. */
  readonly block: unknown
}

/** A signed transaction, as far as it is needed to find it again. */
export interface Signed {
  /** `pallet.call` */
  readonly name: string
  readonly address: string
  readonly nonce: number
  /** 0x + 64 hex */
  readonly hash: string
  /** The signed bytes as 0x-hex. */
  readonly encoded: string
}

/** Looks for transactions in the chain itself; what a node said of its pool plays no part. */
export interface ChainLook {
  /** The account's nonce after a block: how many of its transactions are in the chain. */
  nonceAt(address: string, block: string): Promise<number>
  /**
   * The block in which the account's nonce went past `nonce`, between one where it had not (a number) and one where it had:
   * if the transaction with that nonce is in any block, it is in this one. One request where that is a single block.
   */
  blockOfNonce(address: string, nonce: number, after: number, upTo: BlockHeader): Promise<string>
  /** The outcome, if the transaction is in that block; throws what the runtime refused it for. */
  outcomeIn(block: string, signed: Signed): Promise<Included | undefined>
}

export function createChainLook(api: () => ApiPromise, connection: RpcConnection): ChainLook {
  const nonceAt = async (address: string, block: string) => {
    const key = storageKey(api(), 'system', 'account', address)
    const stored = hexSchema.parse(await connection.request('state_getStorage', [key, block]))
    return api()
      .registry.createType<AccountInfo>('AccountInfo', stored ?? undefined)
      .nonce.toNumber()
  }
  return {
    nonceAt,
    async blockOfNonce(address, nonce, after, upTo) {
      let low = after
      let high = upTo
      while (high.number - low > 1) {
        const number = Math.floor((low + high.number) / 2)
        const hash = z.string().parse(await connection.request('chain_getBlockHash', [number]))
        if ((await nonceAt(address, hash)) > nonce) high = { number, hash }
        else low = number
      }
      return high.hash
    },
    async outcomeIn(block, { name, hash, encoded }) {
      const answer = await connection.request('chain_getBlock', [block])
      const { header, extrinsics } = blockSchema.parse(answer)
      const index = extrinsics.indexOf(encoded)
      if (index < 0) return undefined
      const key = storageKey(api(), 'system', 'events')
      const stored = hexSchema.parse(await connection.request('state_getStorage', [key, block]))
      const all = api().registry.createType<Vec<EventRecord>>('Vec<EventRecord>', stored ?? undefined)
      const events = all.filter(({ phase }) => phase.isApplyExtrinsic && phase.asApplyExtrinsic.eqn(index))
      const failure = failureIn(api(), events)
      if (failure !== undefined) throw dispatchRejection(name, failure)
      const receipt = { txHash: hash, block: { number: Number(header.number), hash: block } }
      return { receipt, events, index, block: answer }
    },
  }
}

/** Name of the error that a transaction ended with, also of a call made through sudo. */
function failureIn(api: ApiPromise, events: readonly EventRecord[]): string | undefined {
  for (const { event } of events) {
    if (event.section === 'system' && event.method === 'ExtrinsicFailed') {
      return errorName(api, event.data[0] as DispatchError)
    }
    if (event.section === 'sudo' && event.method === 'Sudid') {
      const result = api.registry.createType<Result<Codec, DispatchError>>(
        'Result<Null, DispatchError>',
        event.data[0]?.toU8a(),
      )
      if (result.isErr) return errorName(api, result.asErr)
    }
  }
  return undefined
}

function errorName(api: ApiPromise, error: DispatchError): string {
  if (error.isModule) return api.registry.findMetaError(error.asModule).name
  // FundsUnavailable and Underflow say more than Token and Arithmetic.
  if (error.isToken) return error.asToken.type
  return error.isArithmetic ? error.asArithmetic.type : error.type
}
