import type { ApiPromise } from '@polkadot/api'
import type { SubmittableExtrinsic } from '@polkadot/api/types'
import type { Metadata } from '@polkadot/types'
import type { ExtDef } from '@polkadot/types/extrinsic/signedExtensions/types'
import type { SiLookupTypeId, StorageEntryTypeLatest } from '@polkadot/types/interfaces'
import { StarlingError } from '../../process/errors.ts'
import {
  type CallEntry,
  type CallShape,
  FILLED_EXTENSIONS,
  type RuntimeApiEntry,
  type StorageEntry,
  type StorageShape,
} from './spec-table.ts'

/** The shape that the live metadata has, or how it differs from all that are known. */
export type Match<Shape> = { shape: Shape } | { difference: string; missing: boolean }

export type Call = SubmittableExtrinsic<'promise'>

export function matchCall(api: ApiPromise, { shapes }: CallEntry): Match<CallShape> {
  return firstMatch(
    shapes,
    'call',
    ({ args }) => `(${args.join(', ')})`,
    ({ pallet, name }) => {
      const found = api.tx[pallet]?.[name]
      if (found === undefined) return undefined
      const args = found.meta.fields.map(
        (field, i) => `${found.meta.args[i]?.name}: ${typeName(api, field.type)}`,
      )
      return `(${args.join(', ')})`
    },
  )
}

export function matchStorage(api: ApiPromise, { shapes }: StorageEntry): Match<StorageShape> {
  return firstMatch(
    shapes,
    'storage',
    ({ type }) => type,
    ({ pallet, name }) => {
      const found = api.query[pallet]?.[name]
      return found === undefined ? undefined : storageType(api, found.creator.meta.type)
    },
  )
}

/**
 * An operation's call with its arguments, given by name, in the order that this runtime wants.
 * Throws `CHAIN_INCOMPATIBLE` when the runtime has no such call, and `CHAIN_ARGUMENT_INVALID`.
 */
export function bindCall(api: ApiPromise, entry: CallEntry, values: Record<string, unknown>): Call {
  const { pallet, name, args } = matched(matchCall(api, entry))
  const make = api.tx[pallet]?.[name]
  if (make === undefined) throw incompatible(`call ${pallet}.${name} is missing`)
  const names = args.map((arg) => arg.split(':')[0] ?? arg)
  // The library would encode what is undefined as zero.
  const absent = names.find((arg) => values[arg] === undefined)
  if (absent !== undefined) throw invalidArgument(`${pallet}.${name}`, `${absent} is not given`)
  return encoding(`${pallet}.${name}`, () => make(...names.map((arg) => values[arg])))
}

/** Runs the library's encoder. Throws `CHAIN_ARGUMENT_INVALID` for a value that the chain's type cannot hold. */
export function encoding<T>(what: string, encode: () => T): T {
  try {
    return encode()
  } catch (cause) {
    throw invalidArgument(what, cause instanceof Error ? cause.message : String(cause))
  }
}

/** Key of a storage item. Throws `CHAIN_INCOMPATIBLE` when the runtime has no such item. */
export function storageKey(api: ApiPromise, pallet: string, name: string, ...args: unknown[]): string {
  const found = api.query[pallet]?.[name]
  if (found === undefined) throw incompatible(`storage ${pallet}.${name} is missing`)
  return found.key(...args)
}

/** Name of the type that a runtime API function returns. Throws `CHAIN_INCOMPATIBLE` when there is no such function. */
export function runtimeApiType(api: ApiPromise, entry: RuntimeApiEntry): string {
  const call = api.call[entry.api]?.[entry.method] as { meta?: { type: string } } | undefined
  if (call?.meta === undefined) throw incompatible(`runtime API ${entry.api}.${entry.method} is missing`)
  return call.meta.type
}

/**
 * For the library: the signed extensions that it does not know add nothing to a transaction. It treats them so in any case,
 * but prints a warning; that they are empty is for `checkRuntime` to say.
 */
export function emptyExtensions(metadata: Metadata): ExtDef {
  const names = metadata.asLatest.extrinsic.transactionExtensions.map(({ identifier }) =>
    identifier.toString(),
  )
  const unknown = names.filter((name) => !FILLED_EXTENSIONS.includes(name))
  return Object.fromEntries(unknown.map((name) => [name, { extrinsic: {}, payload: {} }]))
}

export function matched<Shape>(match: Match<Shape>): Shape {
  if ('shape' in match) return match.shape
  throw incompatible(match.difference)
}

function invalidArgument(what: string, why: string): StarlingError {
  return new StarlingError('CHAIN_ARGUMENT_INVALID', `${what} cannot be encoded: ${why}`, 'check the values')
}

export function incompatible(difference: string): StarlingError {
  const message = `the chain’s runtime differs from what this client knows: ${difference}`
  return new StarlingError('CHAIN_INCOMPATIBLE', message, 'update this software')
}

function firstMatch<Shape extends { pallet: string; name: string }>(
  shapes: readonly Shape[],
  kind: string,
  signatureOf: (shape: Shape) => string,
  liveSignature: (shape: Shape) => string | undefined,
): Match<Shape> {
  let changed: string | undefined
  for (const shape of shapes) {
    const live = liveSignature(shape)
    const known = signatureOf(shape)
    if (live === known) return { shape }
    if (live !== undefined) changed ??= `${kind} ${shape.pallet}.${shape.name} is ${live}, not ${known}`
  }
  const names = shapes.map(({ pallet, name }) => `${pallet}.${name}`).join(' or ')
  return { difference: changed ?? `${kind} ${names} is missing`, missing: changed === undefined }
}

function storageType(api: ApiPromise, type: StorageEntryTypeLatest): string {
  if (type.isPlain) return typeName(api, type.asPlain)
  const { hashers, key, value } = type.asMap
  const keys = typeName(api, key)
  return `${hashers.length === 1 ? `(${keys})` : keys} => ${typeName(api, value)}`
}

/** The encoding behind a type: a newtype such as `NetUid` counts as what it wraps. */
export function typeName(api: ApiPromise, id: SiLookupTypeId): string {
  const { type, lookupName } = api.registry.lookup.getTypeDef(id)
  // A struct without fields has a name, too, but nothing to encode.
  return type === 'Null' ? type : (lookupName ?? type)
}
