import { expandMetadata, Metadata, TypeRegistry } from '@polkadot/types'
import type { ExtrinsicEra, SiField } from '@polkadot/types/interfaces'
import type { Codec } from '@polkadot/types/types'
import { compactStripLength, compactToU8a, hexToU8a, numberToU8a, u8aConcat, u8aToHex } from '@polkadot/util'
import { blake2AsU8a, encodeAddress, sr25519Verify } from '@polkadot/util-crypto'
import { emptyExtensions } from '../../shared/chain/substrate/metadata.ts'

/** A signed transaction as it came. */
export interface Transaction {
  /** `pallet.call`, as the library spells it. */
  readonly call: string
  /** The call alone. */
  readonly bytes: string
  readonly signer: string
  readonly nonce: number
  /** True when the signature is over exactly what Subtensor's extensions want signed. */
  readonly signed: boolean
}

export interface ChainFacts {
  readonly specVersion: number
  readonly transactionVersion: number
  readonly genesisHash: string
}

/** Bytes before the extensions' in a signed transaction: version, address and signature, each with its kind. */
const SIGNER_AT = 2
const SIGNATURE_AT = SIGNER_AT + 32 + 1
const EXTENSIONS_AT = SIGNATURE_AT + 64

/** Longer payloads are hashed before they are signed. */
const MAX_SIGNED_BYTES = 256

/** What a node has to know of its runtime to encode answers and to read transactions. */
export function runtimeOf(metadata: Uint8Array, chain: ChainFacts) {
  const registry = new TypeRegistry()
  const decorated = new Metadata(registry, metadata)
  registry.setMetadata(decorated, undefined, emptyExtensions(decorated))
  const { query } = expandMetadata(registry, decorated)
  const latest = decorated.asLatest

  const entry = (item: string) => {
    const [pallet = '', name = ''] = item.split('.')
    const found = query[pallet]?.[name]
    if (found === undefined) throw new Error(`no storage ${item}`)
    return found
  }
  const lookup = (id: Parameters<typeof registry.createLookupType>[0], value?: unknown): Codec =>
    registry.createTypeUnsafe(registry.createLookupType(id), value === undefined ? [] : [value])
  const eventBytes = (palletName: string, name: string, fields: (all: readonly SiField[]) => unknown[]) => {
    const pallet = latest.pallets.find((candidate) => candidate.name.eq(palletName))
    const type = pallet?.events.unwrap().type
    const variant =
      type && registry.lookup.getSiType(type).def.asVariant.variants.find((found) => found.name.eq(name))
    if (pallet === undefined || variant === undefined) throw new Error(`no event ${palletName}.${name}`)
    const all = [...variant.fields]
    const encoded = fields(all).map((value, i) => lookup(all[i]?.type ?? 0, value).toU8a())
    return u8aConcat(Uint8Array.of(pallet.index.toNumber(), variant.index.toNumber()), ...encoded)
  }
  const records = (events: readonly Uint8Array[]) =>
    u8aConcat(
      compactToU8a(events.length),
      // All in the phase of the first transaction, without topics.
      ...events.map((event) => u8aConcat(Uint8Array.of(0, 0, 0, 0, 0), event, Uint8Array.of(0))),
    )
  const dispatchInfo = { weight: { refTime: 0, proofSize: 0 }, class: 'Normal', paysFee: 'Yes' }

  return {
    registry,
    /** `0x` + key of a storage item. */
    key: (item: string, keys: readonly unknown[]) => u8aToHex(compactStripLength(entry(item)(...keys))[1]),
    encoded: (item: string, value: unknown) => {
      const { type } = entry(item).meta
      return u8aToHex(lookup(type.isMap ? type.asMap.value : type.asPlain, value).toU8a())
    },
    /** A metagraph with the given fields, or none. */
    metagraph: (values: Readonly<Record<string, unknown>> | undefined) => {
      const method = latest.apis
        .find(({ name }) => name.eq('SubnetInfoRuntimeApi'))
        ?.methods.find(({ name }) => name.eq('get_metagraph'))
      if (method === undefined) throw new Error('no runtime API get_metagraph')
      return u8aToHex(lookup(method.output, values ?? null).toU8a())
    },
    /** Events of one transaction that went well. */
    success: (call: string) => {
      const added =
        call === 'subtensorModule.registerNetwork'
          ? [eventBytes('SubtensorModule', 'NetworkAdded', () => [7, 0])]
          : []
      return u8aToHex(records([...added, eventBytes('System', 'ExtrinsicSuccess', () => [dispatchInfo])]))
    },
    u32s: (values: readonly number[]) => registry.createType('Vec<u32>', values).toHex(),
    /** `Option<OpaqueMetadata>` */
    opaque: (bytes: Uint8Array) => u8aToHex(u8aConcat(Uint8Array.of(1), compactToU8a(bytes.length), bytes)),
    decode(hex: string, { head, hashOf }: { head: number; hashOf: (number: number) => string }): Transaction {
      const [, bytes] = compactStripLength(hexToU8a(hex))
      const { method, era, nonce } = registry.createType('Extrinsic', hexToU8a(hex))
      const call = method.toU8a()
      const extensions = bytes.subarray(EXTENSIONS_AT, bytes.length - call.length)
      const birth = hashOf((era as ExtrinsicEra).asMortalEra.birth(head))
      const implicit = new Map([
        ['CheckSpecVersion', numberToU8a(chain.specVersion, 32).reverse()],
        ['CheckTxVersion', numberToU8a(chain.transactionVersion, 32).reverse()],
        ['CheckGenesis', hexToU8a(chain.genesisHash)],
        ['CheckMortality', hexToU8a(birth)],
        // No hash.
        ['CheckMetadataHash', Uint8Array.of(0)],
      ])
      const names = latest.extrinsic.transactionExtensions.map(({ identifier }) => identifier.toString())
      const payload = u8aConcat(
        call,
        extensions,
        ...names.map((name) => implicit.get(name) ?? new Uint8Array()),
      )
      const signed = payload.length > MAX_SIGNED_BYTES ? blake2AsU8a(payload, 256) : payload
      const signer = bytes.subarray(SIGNER_AT, SIGNER_AT + 32)
      return {
        call: `${method.section}.${method.method}`,
        bytes: u8aToHex(call),
        signer: encodeAddress(signer, 42),
        nonce: nonce.toNumber(),
        signed: sr25519Verify(signed, bytes.subarray(SIGNATURE_AT, EXTENSIONS_AT), signer),
      }
    },
  }
}

export type Runtime = ReturnType<typeof runtimeOf>
