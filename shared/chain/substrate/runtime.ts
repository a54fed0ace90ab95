import { ApiPromise } from '@polkadot/api'
import type { ProviderInterface } from '@polkadot/rpc-provider/types'
import { Metadata, TypeRegistry } from '@polkadot/types'
import type { ExtDef } from '@polkadot/types/extrinsic/signedExtensions/types'
import { hexToU8a } from '@polkadot/util'
import { z } from 'zod'
import { StarlingError } from '../../process/errors.ts'
import { emptyExtensions } from './metadata.ts'
import type { RpcSocket } from './rpc-socket.ts'
import { checkRuntime, stopReason } from './runtime-check.ts'

/** Metadata versions that the library reads, best first. Only those from 15 on describe runtime APIs. */
const METADATA_VERSIONS = [16, 15]

const versionSchema = z.looseObject({
  specName: z.string(),
  specVersion: z.number(),
  transactionVersion: z.number(),
})

/** `state_getRuntimeVersion` as the node gave it. */
export type RuntimeVersion = z.infer<typeof versionSchema>

/** A runtime's types and calls, apart from any connection. */
export interface Runtime {
  /** Knows the metadata, and asks no node for anything. */
  readonly api: ApiPromise
  readonly version: RuntimeVersion
  /** What the node says the chain is; undefined where it does not say. */
  readonly chainType: string | undefined
  /** Why this client must not write to it; undefined where it may. */
  readonly stopReason: string | undefined
}

/** Throws `CHAIN_WRONG` for an answer that is no runtime version. */
export function parseVersion(json: unknown, endpoint: string): RuntimeVersion {
  const parsed = versionSchema.safeParse(json)
  if (parsed.success) return parsed.data
  throw new StarlingError('CHAIN_WRONG', `${endpoint} gives no runtime version`, 'check the endpoint')
}

/** True when the two are one runtime: same types, same calls, same signatures. */
export function sameRuntime(a: RuntimeVersion, b: RuntimeVersion): boolean {
  return (
    a.specName === b.specName &&
    a.specVersion === b.specVersion &&
    a.transactionVersion === b.transactionVersion
  )
}

/** Reads a runtime's metadata from a node, with five requests. Throws `CHAIN_INCOMPATIBLE`, or what a request does. */
export async function loadRuntime(
  socket: RpcSocket,
  version: RuntimeVersion,
  genesisHash: string,
): Promise<Runtime> {
  const registry = new TypeRegistry()
  const call = async (name: string, argument: string) =>
    z.string().parse(await socket.request('state_call', [name, argument]))

  const versions = await call('Metadata_metadata_versions', '0x')
  const offered = registry.createType('Vec<u32>', hexToU8a(versions)).map(Number)
  const best = METADATA_VERSIONS.find((candidate) => offered.includes(candidate))
  if (best === undefined) throw unreadable(version, `its metadata has versions ${offered.join(', ')} only`)
  const argument = registry.createType('u32', best).toHex(true)
  const metadata = await call('Metadata_metadata_at_version', argument)
  const extensions = readExtensions(registry, version, metadata)

  const answers = {
    chain_getBlockHash: genesisHash,
    state_getRuntimeVersion: version,
    system_chain: await socket.request('system_chain', []),
    system_properties: await socket.request('system_properties', []),
    rpc_methods: { methods: [] },
    'state_call Metadata_metadata_versions': versions,
    'state_call Metadata_metadata_at_version': metadata,
  }
  const chainType = await readChainType(socket)
  const api = await offlineApi(answers, extensions)
  return { api, version, chainType, stopReason: stopReason(checkRuntime(api)) }
}

/** A node without the method, or with a type of its own, says nothing that anything is granted for. */
async function readChainType(socket: RpcSocket): Promise<string | undefined> {
  const answer = await socket.request('system_chainType', []).catch(() => undefined)
  return z.string().max(40).safeParse(answer).data
}

/** The library itself prints what it cannot read, and goes on. */
function readExtensions(registry: TypeRegistry, version: RuntimeVersion, encoded: string): ExtDef {
  try {
    const inner = registry.createType('Option<OpaqueMetadata>', hexToU8a(encoded)).unwrap()
    const metadata = new Metadata(registry, inner.toHex())
    registry.setMetadata(metadata, undefined, {}, true)
    return emptyExtensions(metadata)
  } catch (cause) {
    throw unreadable(
      version,
      `its metadata cannot be read (${cause instanceof Error ? cause.message : cause})`,
    )
  }
}

function unreadable({ specName, specVersion }: RuntimeVersion, why: string): StarlingError {
  const message = `runtime ${specName}/${specVersion} is not one that this client can read: ${why}`
  return new StarlingError('CHAIN_INCOMPATIBLE', message, 'update this software')
}

/**
 * The library over answers that are known already. It decodes and encodes; what is asked of a node goes over the
 * connection, which outlives sockets and runtimes as the library’s own does not.
 */
async function offlineApi(
  answers: Readonly<Record<string, unknown>>,
  signedExtensions: ExtDef,
): Promise<ApiPromise> {
  const provider = {
    hasSubscriptions: false,
    isConnected: true,
    isClonable: false,
    send: async (method: string, params: unknown[]) => {
      const name = method === 'state_call' ? `${method} ${params[0]}` : method
      if (name in answers) return answers[name]
      throw new Error(`${name} is not asked of a node here`)
    },
    on: () => () => {},
    connect: async () => {},
    disconnect: async () => {},
  }
  const api = new ApiPromise({
    provider: provider as unknown as ProviderInterface,
    signedExtensions,
    noInitWarn: true,
  })
  return api.isReadyOrError
}
