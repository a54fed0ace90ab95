import {
  Api,
  Blockchain,
  BuildBlockMode,
  ChopsticksProvider,
  destroyWorker,
  GenesisProvider,
  runTask,
} from '@acala-network/chopsticks-core'
import { ApiPromise } from '@polkadot/api'
import type { SubmittableExtrinsic } from '@polkadot/api/types'
import type { KeyringPair } from '@polkadot/keyring/types'
import { GenericExtrinsic } from '@polkadot/types'
import type { EventRecord } from '@polkadot/types/interfaces'
import type { Codec } from '@polkadot/types/types'
import { compactAddLength, compactStripLength, hexToU8a, stringToU8a, u8aToHex } from '@polkadot/util'

type Hex = `0x${string}`
type Call = SubmittableExtrinsic<'promise'>
export type SignedCall = readonly [Call, KeyringPair]

/** What became of a transaction: its events as `pallet.Name`, and the pallet's error where it was refused. */
export interface Outcome {
  events: string[]
  error: string | undefined
}

/** The committed runtime under chopsticks-core: no node, no socket, a block whenever the test asks for one. */
export interface InProcessChain {
  readonly api: ApiPromise
  /** Builds a block from the given signed calls, in order, and tells what became of each. */
  block(...calls: SignedCall[]): Promise<Outcome[]>
  /** A call by pallet and name; fails where the runtime has none. */
  call(pallet: string, name: string, ...args: unknown[]): Call
  /** A storage value at the newest block. */
  read(pallet: string, name: string, ...keys: unknown[]): Promise<Codec>
  /** All values of a storage map at the newest block, as JSON. */
  entries(pallet: string, name: string): Promise<unknown[]>
  close(): Promise<void>
}

/** Milliseconds since 1970 at which the test's clock starts; it goes on by a second a block. */
const START = 1_700_000_000_000

/** Boots `wasm` from one of its own genesis presets and builds block 1. */
export async function bootRuntime(wasm: Uint8Array, preset = 'development'): Promise<InProcessChain> {
  const top = Object.fromEntries(await genesisOf(wasm, preset))
  const genesis = new GenesisProvider({ id: 'test', name: 'test', properties: {}, genesis: { raw: { top } } })
  const source = new Api(genesis)
  await source.isReady
  let time = START
  const chain = new Blockchain({
    api: source,
    buildBlockMode: BuildBlockMode.Manual,
    inherentProviders: [
      {
        createInherents: async (block) => {
          const meta = await (await block.parentBlock)!.meta
          time += 1_000
          return [new GenericExtrinsic(meta.registry, meta.tx.timestamp!.set!(time)).toHex()]
        },
      },
    ],
    header: { hash: genesis.blockHash, number: 0 },
    processQueuedMessages: false,
    registeredTypes: {},
  })
  await chain.newBlock()
  const api = await ApiPromise.create({ provider: new ChopsticksProvider(chain), noInitWarn: true })

  const storage = (pallet: string, name: string) => {
    const entry = api.query[pallet]?.[name]
    if (entry === undefined) throw new Error(`the runtime has no storage ${pallet}.${name}`)
    return entry
  }
  return {
    api,
    async block(...calls) {
      const nonces = new Map<string, number>()
      for (const [call, signer] of calls) {
        const next =
          nonces.get(signer.address) ?? (await api.rpc.system.accountNextIndex(signer.address)).toNumber()
        nonces.set(signer.address, next + 1)
        const signed = await call.signAsync(signer, { nonce: next })
        await api.rpc.author.submitExtrinsic(signed)
      }
      await chain.newBlock()
      return outcomes(api, calls.length)
    },
    call(pallet, name, ...args) {
      const make = api.tx[pallet]?.[name]
      if (make === undefined) throw new Error(`the runtime has no call ${pallet}.${name}`)
      return make(...args)
    },
    read: (pallet, name, ...keys) => storage(pallet, name)(...keys),
    async entries(pallet, name) {
      return (await storage(pallet, name).entries()).map(([, value]) => value.toJSON())
    },
    async close() {
      await api.disconnect()
      await chain.close()
      await destroyWorker()
    },
  }
}

/** Runs one runtime function on an empty state that holds only the wasm. */
async function runOn(wasm: Hex, name: string, argument: Hex) {
  const nothing = async () => undefined
  const response = await runTask(
    {
      wasm,
      calls: [[name, [argument]]],
      mockSignatureHost: false,
      allowUnresolvedImports: false,
      runtimeLogLevel: 0,
    },
    {
      getStorage: nothing,
      getNextKey: nothing,
      offchainGetStorage: nothing,
      offchainTimestamp: async () => 0,
      offchainRandomSeed: async () => '0x',
      offchainSubmitTransaction: async () => false,
    } as unknown as Parameters<typeof runTask>[1],
  )
  if ('Error' in response) throw new Error(response.Error)
  return response.Call
}

async function genesisOf(wasm: Uint8Array, preset: string): Promise<[Hex, Hex][]> {
  const code = u8aToHex(wasm)
  const id = u8aToHex(Uint8Array.of(1, ...compactAddLength(stringToU8a(preset))))
  const found = hexToU8a((await runOn(code, 'GenesisBuilder_get_preset', id)).result)
  if (found[0] !== 1) throw new Error(`the runtime has no preset ${preset}`)
  const [, config] = compactStripLength(found.subarray(1))
  const built = await runOn(code, 'GenesisBuilder_build_state', u8aToHex(compactAddLength(config)))
  if (built.result !== '0x00') throw new Error(`the runtime refuses its preset ${preset}: ${built.result}`)
  const entries = built.storageDiff.map(([key, value]): [Hex, Hex] => [key, value ?? '0x'])
  return [...entries, ['0x3a636f6465', code] satisfies [Hex, Hex]].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Outcomes of the last `count` transactions; before them stand inherents. */
async function outcomes(api: ApiPromise, count: number): Promise<Outcome[]> {
  const { block } = await api.rpc.chain.getBlock()
  const records = (await api.query.system!.events!()) as unknown as EventRecord[]
  const first = block.extrinsics.length - count
  return Array.from({ length: count }, (_, index) => {
    const own = records.filter(
      ({ phase }) => phase.isApplyExtrinsic && phase.asApplyExtrinsic.toNumber() === first + index,
    )
    return { events: own.map(({ event }) => `${event.section}.${event.method}`), error: errorOf(api, own) }
  })
}

/** The error of a failed transaction, or of the call that sudo made on its behalf. */
function errorOf(api: ApiPromise, records: readonly EventRecord[]): string | undefined {
  for (const { event } of records) {
    const module = findModuleError(event.toHuman())
    if (module !== undefined) return api.registry.findMetaError(module).name
    if (event.method === 'ExtrinsicFailed') return JSON.stringify(event.data[0]?.toHuman())
  }
  return undefined
}

/** The pallet's index and its error's, wherever in an event they stand. */
function findModuleError(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if ('Module' in value) {
    const { index, error } = value.Module as { index: string; error: Hex }
    return Uint8Array.of(Number(index), ...hexToU8a(error))
  }
  return Object.values(value)
    .map(findModuleError)
    .find((found) => found !== undefined)
}
