import type { ApiPromise } from '@polkadot/api'
import type { AnyJson } from '@polkadot/types/types'
import { hexToU8a } from '@polkadot/util'
import { z } from 'zod'
import { StarlingError } from '../../process/errors.ts'
import { encoding, incompatible, matched, matchStorage, runtimeApiType } from './metadata.ts'
import { type ChainMetagraph, parseMetagraph } from './metagraph.ts'
import type { RpcConnection } from './rpc-connection.ts'
import {
  METAGRAPH_API,
  STORAGE,
  type StorageEntry,
  type StorageName,
  type StorageValue,
} from './spec-table.ts'

/** A storage item and its keys. */
export type Want = readonly [name: StorageName, ...keys: unknown[]]
type Found<W extends readonly Want[]> = { -readonly [I in keyof W]: StorageValue<W[I][0]> }

const changesSchema = z.array(z.object({ changes: z.array(z.tuple([z.string(), z.string().nullable()])) }))

/** Hash of the newest finalized block. */
export async function finalizedHash(connection: RpcConnection): Promise<string> {
  return z.string().parse(await connection.request('chain_getFinalizedHead', []))
}

/**
 * Values of storage items as of one block, in the order asked for, with one request. An item that the runtime does not
 * have is what the table says; throws `CHAIN_INCOMPATIBLE` where it says nothing.
 */
export async function readStorage<const W extends readonly Want[]>(
  api: ApiPromise,
  connection: RpcConnection,
  at: string,
  wants: W,
): Promise<Found<W>> {
  const items = wants.map(([name, ...keys]) => bindItem(api, STORAGE[name], keys))
  const keys = [...new Set(items.map(({ key }) => key).filter((key) => key !== undefined))]
  const answer = keys.length === 0 ? [] : await connection.request('state_queryStorageAt', [keys, at])
  const stored = decoding(
    'state_queryStorageAt',
    () => new Map(changesSchema.parse(answer).flatMap(({ changes }) => changes)),
  )
  return items.map(({ key, decode }) => decode(key === undefined ? null : stored.get(key))) as Found<W>
}

/** A subnet's metagraph as the runtime tells it. Throws `CHAIN_SUBNET_UNKNOWN`. */
export async function fetchMetagraph(
  api: ApiPromise,
  connection: RpcConnection,
  netuid: number,
  at: string,
): Promise<ChainMetagraph> {
  const argument = encoding('netuid', () => api.registry.createType('u16', netuid).toHex(true))
  const type = runtimeApiType(api, METAGRAPH_API)
  const encoded = await connection.request('state_call', [METAGRAPH_API.rpcName, argument, at])
  const json = decoding(METAGRAPH_API.rpcName, () =>
    decodedJson(api, type, hexToU8a(z.string().parse(encoded))),
  )
  if (json !== null) return parseMetagraph(json)
  throw unknownSubnet(netuid)
}

export function unknownSubnet(netuid: number): StarlingError {
  return new StarlingError('CHAIN_SUBNET_UNKNOWN', `the chain has no subnet ${netuid}`, 'check --netuid')
}

interface BoundItem {
  /** Undefined when the runtime has no such item. */
  key: string | undefined
  decode(stored: string | null | undefined): unknown
}

function bindItem(api: ApiPromise, entry: StorageEntry, keys: readonly unknown[]): BoundItem {
  const match = matchStorage(api, entry)
  if ('missing' in match && match.missing && entry.absent !== undefined) {
    return { key: undefined, decode: () => entry.absent }
  }
  const { pallet, name } = matched(match)
  const found = api.query[pallet]?.[name]
  if (found === undefined) throw incompatible(`storage ${pallet}.${name} is missing`)
  const { meta } = found.creator
  const valueId = meta.type.isMap ? meta.type.asMap.value : meta.type.asPlain
  const type = api.registry.createLookupType(valueId)
  return {
    key: encoding(`${pallet}.${name}`, () => found.key(...keys)),
    decode(stored) {
      if (stored == null && meta.modifier.isOptional) return entry.schema.parse(null)
      // As text, hex would be read as a value, not as an encoding.
      const bytes = stored == null ? meta.fallback.toU8a(true) : hexToU8a(stored)
      return decoding(`${pallet}.${name}`, () => entry.schema.parse(decodedJson(api, type, bytes)))
    },
  }
}

/** The library reads zeros where bytes are missing; what follows the value it leaves alone, as the runtime does. */
function decodedJson(api: ApiPromise, type: string, bytes: Uint8Array): AnyJson {
  const value = api.registry.createTypeUnsafe(type, [bytes])
  if (value.encodedLength > bytes.length) throw new Error(`${bytes.length} bytes are too few for ${type}`)
  return value.toJSON()
}

/** Throws `CHAIN_INCOMPATIBLE` for an answer that is not what the metadata says. */
function decoding<T>(what: string, decode: () => T): T {
  try {
    return decode()
  } catch (cause) {
    const message = `the node’s answer for ${what} cannot be read`
    throw new StarlingError('CHAIN_INCOMPATIBLE', message, 'try another node', { cause })
  }
}
