import { readFile } from 'node:fs/promises'
import { TypeRegistry } from '@polkadot/types'
import { hexToU8a, u8aConcat } from '@polkadot/util'
import {
  AXON_INFO,
  COMMITMENT_DATA,
  EXTENSIONS,
  METAGRAPH,
  PALLETS,
  type PalletFacts,
} from './subtensor-facts.ts'
import { createTypeTable, splitList, type TypeTable, type Variant } from './subtensor-types.ts'

const MAGIC = hexToU8a('0x6d657461')
const VERSION = 16
const NOT_DEPRECATED = { NotDeprecated: null }

/**
 * What a test changes about the runtime: arguments by `Pallet.call`, `keys: type` by `Pallet.Item`, payload by extension.
 * Null leaves the call or item out; an extension that Subtensor does not have comes after its own.
 */
export type MetadataChanges = Readonly<Record<string, string | null>>

/**
 * Metadata V16 of a runtime that has of Subtensor what this project's client uses: pallets and calls by index, argument
 * types with Subtensor's newtypes, storage, events, the metagraph's runtime API and the signed extensions.
 */
export function subtensorMetadata(changes: MetadataChanges = {}): Uint8Array {
  const types = createTypeTable()
  defineTypes(types)
  for (const [name, facts] of Object.entries(PALLETS)) {
    types.enumeration(`${name}Call`, variantsOf(name, facts.calls, changes))
    types.enumeration(`${name}Event`, variantsOf(name, facts.events, changes))
  }
  const outer = (part: 'Call' | 'Event'): Variant[] =>
    Object.entries(PALLETS).map(([name, { index }]) => ({ name, index, fields: [['0', `${name}${part}`]] }))
  types.enumeration('RuntimeCall', outer('Call'), { path: 'node_subtensor_runtime::RuntimeCall' })
  types.enumeration('RuntimeEvent', outer('Event'), { path: 'node_subtensor_runtime::RuntimeEvent' })
  // Made now, as the types that they name must be known before the table of types is written.
  const rest = {
    pallets: Object.entries(PALLETS).map(([name, facts]) => pallet(types, name, facts, changes)),
    extrinsic: extrinsic(types, changes),
    apis: [metagraphApi(types)],
    outerEnums: {
      callType: types.id('RuntimeCall'),
      eventType: types.id('RuntimeEvent'),
      errorType: types.id('()'),
    },
    custom: { map: new Map() },
  }
  // Nothing refers to it; the library learns from it which type is the runtime's call.
  types.id('UncheckedExtrinsic')
  const encoded = new TypeRegistry().createType('MetadataV16', { lookup: { types: types.types }, ...rest })
  return u8aConcat(MAGIC, Uint8Array.of(VERSION), encoded.toU8a())
}

/** A real runtime's metadata, from the file that SUBTENSOR_METADATA names; without it, {@link subtensorMetadata}. */
export async function realOrBuiltMetadata(): Promise<Uint8Array> {
  const file = process.env.SUBTENSOR_METADATA
  return file === undefined ? subtensorMetadata() : new Uint8Array(await readFile(file))
}

function defineTypes(types: TypeTable): void {
  types.newtype('AccountId32', '[u8;32]', 'sp_core::crypto::AccountId32')
  types.newtype('H256', '[u8;32]', 'primitive_types::H256')
  types.newtype('NetUid', 'u16', 'subtensor_runtime_common::NetUid')
  types.newtype('NetUidStorageIndex', 'u16', 'subtensor_runtime_common::NetUidStorageIndex')
  types.newtype('MechId', 'u8', 'subtensor_runtime_common::MechId')
  types.newtype('TaoBalance', 'u64', 'subtensor_runtime_common::currency::TaoBalance')
  types.newtype('AlphaBalance', 'u64', 'subtensor_runtime_common::currency::AlphaBalance')
  types.newtype('Identity', 'Vec<u8>', 'pallet_subtensor::Identity')
  types.struct('SudoTransactionExtension', {}, 'pallet_subtensor::SudoTransactionExtension')
  types.struct('FixedI128', { bits: 'i128' }, 'substrate_fixed::FixedI128')
  types.struct('AxonInfo', AXON_INFO, 'pallet_subtensor::AxonInfo')
  types.struct('Metagraph', METAGRAPH, 'pallet_subtensor::rpc_info::metagraph::Metagraph')
  const committed = 'pallet_commitments::types'
  types.enumeration('Data', variantsOf('Data', COMMITMENT_DATA, {}), { path: `${committed}::Data` })
  types.struct('CommitmentInfo', { fields: 'BoundedVec<Data>' }, `${committed}::CommitmentInfo`)
  const registration = { deposit: 'TaoBalance', block: 'u32', info: 'CommitmentInfo' }
  types.struct('Registration', registration, `${committed}::Registration`)
  const account = { free: 'TaoBalance', reserved: 'TaoBalance', frozen: 'TaoBalance', flags: 'u128' }
  types.struct('AccountData', account, 'pallet_balances::types::AccountData')
  const counts = { nonce: 'u32', consumers: 'u32', providers: 'u32', sufficients: 'u32' }
  types.struct('AccountInfo', { ...counts, data: 'AccountData' }, 'frame_system::AccountInfo')
  const weight = { ref_time: 'Compact<u64>', proof_size: 'Compact<u64>' }
  types.struct('Weight', weight, 'sp_weights::weight_v2::Weight')
  const info = { weight: 'Weight', class: 'DispatchClass', pays_fee: 'Pays' }
  types.enumeration('DispatchClass', [unit('Normal', 0), unit('Operational', 1), unit('Mandatory', 2)])
  types.enumeration('Pays', [unit('Yes', 0), unit('No', 1)])
  types.struct('DispatchEventInfo', info, 'frame_system::DispatchEventInfo')
  types.enumeration('Era', [unit('Immortal', 0)], { path: 'sp_runtime::generic::era::Era' })
  const hashMode = [unit('Disabled', 0), unit('Enabled', 1)]
  types.enumeration('Mode', hashMode, { path: 'frame_metadata_hash_extension::Mode' })
  const hashPath = 'frame_metadata_hash_extension::CheckMetadataHash'
  types.struct('CheckMetadataHash', { mode: 'Mode' }, hashPath)
  types.enumeration('MultiAddress', [{ name: 'Id', index: 0, fields: [['0', 'AccountId32']] }], {
    path: 'sp_runtime::multiaddress::MultiAddress',
    params: [
      ['AccountId', 'AccountId32'],
      ['AccountIndex', '()'],
    ],
  })
  types.enumeration('MultiSignature', [{ name: 'Sr25519', index: 1, fields: [['0', '[u8;64]']] }], {
    path: 'sp_runtime::MultiSignature',
  })
  types.enumeration('Phase', [{ name: 'ApplyExtrinsic', index: 0, fields: [['0', 'u32']] }])
  const record = { phase: 'Phase', event: 'RuntimeEvent', topics: 'Vec<H256>' }
  types.struct('EventRecord', record, 'frame_system::EventRecord', [
    ['E', 'RuntimeEvent'],
    ['T', 'H256'],
  ])
  types.struct('UncheckedExtrinsic', {}, 'sp_runtime::generic::unchecked_extrinsic::UncheckedExtrinsic', [
    ['Address', 'MultiAddress'],
    ['Call', 'RuntimeCall'],
    ['Signature', 'MultiSignature'],
    ['Extension', '()'],
  ])
}

function unit(name: string, index: number): Variant {
  return { name, index, fields: [] }
}

/** `96 commit_weights(netuid: NetUid, commit_hash: H256)`, or with types alone. */
function variantsOf(palletName: string, lines: readonly string[] = [], changes: MetadataChanges): Variant[] {
  return lines.flatMap((line) => {
    const [, index, name = '', known = ''] = /^(\d+) (\w+)\((.*)\)$/.exec(line) ?? []
    const changed = changes[`${palletName}.${name}`]
    if (changed === null) return []
    const fields = splitList(changed ?? known).map((field, i): readonly [string, string] => {
      const [left = '', right] = field.split(': ')
      return right === undefined ? [String(i), left] : [left, right]
    })
    return [{ name, index: Number(index), fields }]
  })
}

function pallet(types: TypeTable, name: string, facts: PalletFacts, changes: MetadataChanges) {
  const part = (kind: 'Call' | 'Event', lines: readonly string[] | undefined) =>
    lines === undefined ? null : { type: types.id(`${name}${kind}`), deprecationInfo: new Map() }
  const items = (facts.storage ?? []).flatMap((line) => storageItem(types, name, line, changes))
  return {
    name,
    index: facts.index,
    docs: [],
    storage: items.length === 0 ? null : { prefix: name, items },
    calls: part('Call', facts.calls),
    events: part('Event', facts.events),
    constants: (facts.constants ?? []).map((line) => constant(types, line)),
    errors: null,
    associatedTypes: [],
    viewFunctions: [],
    deprecationInfo: NOT_DEPRECATED,
  }
}

/** `Weights(Identity u16, Identity u16): Vec<(u16,u16)> = 00` */
function storageItem(types: TypeTable, palletName: string, line: string, changes: MetadataChanges) {
  const [left = '', fallback] = line.split(' = ')
  const [, name = '', known] = /^(\w+)(.*)$/.exec(left) ?? []
  const changed = changes[`${palletName}.${name}`]
  if (changed === null) return []
  const [, keyText, value = ''] = /^(?:\((.*)\))?: (.*)$/.exec(changed ?? known ?? '') ?? []
  const keys = splitList(keyText ?? '').map((key) => key.split(' '))
  const single = keys.length === 1 ? keys[0]?.[1] : undefined
  const key = single ?? `(${keys.map(([, type]) => type).join()})`
  const map = { hashers: keys.map(([hasher]) => hasher), key: types.id(key), value: types.id(value) }
  return [
    {
      name,
      modifier: fallback === undefined ? 'Optional' : 'Default',
      type: keyText === undefined ? { Plain: types.id(value) } : { Map: map },
      fallback: `0x${fallback ?? '00'}`,
      docs: [],
      deprecationInfo: NOT_DEPRECATED,
    },
  ]
}

/** `SS58Prefix: u16 = 2a00` */
function constant(types: TypeTable, line: string) {
  const [, name = '', type = '', value = ''] = /^(\w+): (\w+) = (\w+)$/.exec(line) ?? []
  return { name, type: types.id(type), value: `0x${value}`, docs: [], deprecationInfo: NOT_DEPRECATED }
}

function extrinsic(types: TypeTable, changes: MetadataChanges) {
  const known = new Set(EXTENSIONS.map(([name]) => name))
  const added = Object.entries(changes).filter(([name]) => !name.includes('.') && !known.has(name))
  const all = [
    ...EXTENSIONS.map(([name, payload, implicit]) => [name, changes[name] ?? payload, implicit] as const),
    ...added.map(([name, payload]) => [name, payload ?? '()', '()'] as const),
  ]
  return {
    versions: [4, 5],
    addressType: types.id('MultiAddress'),
    callType: types.id('RuntimeCall'),
    signatureType: types.id('MultiSignature'),
    transactionExtensionsByVersion: new Map([[0, all.map((_, i) => i)]]),
    transactionExtensions: all.map(([identifier, type, implicit]) => ({
      identifier,
      type: types.id(type),
      implicit: types.id(implicit),
    })),
  }
}

function metagraphApi(types: TypeTable) {
  const method = {
    name: 'get_metagraph',
    inputs: [{ name: 'netuid', type: types.id('NetUid') }],
    output: types.id('Option<Metagraph>'),
    docs: [],
    deprecationInfo: NOT_DEPRECATED,
  }
  const rest = { docs: [], version: 1, deprecationInfo: NOT_DEPRECATED }
  return { name: 'SubnetInfoRuntimeApi', methods: [method], ...rest }
}
