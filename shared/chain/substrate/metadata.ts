import type { ApiPromise } from '@polkadot/api'
import { StarlingError } from '../../process/errors.ts'

/** Key of a storage item. Throws `CHAIN_INCOMPATIBLE` when the runtime has no such item. */
export function storageKey(api: ApiPromise, pallet: string, item: string, ...args: unknown[]): string {
  const entry = api.query[pallet]?.[item]
  if (entry === undefined) throw missing(`storage ${pallet}.${item}`)
  return entry.key(...args)
}

/** Name of the type that a runtime API function returns. Throws `CHAIN_INCOMPATIBLE` when there is no such function. */
export function runtimeApiType(api: ApiPromise, name: string, method: string): string {
  const call = api.call[name]?.[method] as { meta?: { type: string } } | undefined
  if (call?.meta === undefined) throw missing(`runtime API ${name}.${method}`)
  return call.meta.type
}

function missing(what: string): StarlingError {
  return new StarlingError('CHAIN_INCOMPATIBLE', `the runtime has no ${what}`, 'update this software')
}
