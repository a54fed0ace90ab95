import { ApiPromise } from '@polkadot/api'
import type { SubmittableExtrinsic } from '@polkadot/api/types'
import type { ProviderInterface } from '@polkadot/rpc-provider/types'
import type { AccountInfo, Header } from '@polkadot/types/interfaces'
import { hexToU8a } from '@polkadot/util'
import { z } from 'zod'
import { StarlingError } from '../process/errors.ts'
import { type Log, silentLog } from '../process/logging.ts'
import type { AdminHyperparameters, ChainAdmin, ChainClient, ChainInfo } from './chain-client.ts'
import { ipToChain } from './substrate/axon-ip.ts'
import { subscribeHeads } from './substrate/heads.ts'
import { runtimeApiType, storageKey } from './substrate/metadata.ts'
import { type ChainMetagraph, parseMetagraph, toHyperparameters, toMetagraph } from './substrate/metagraph.ts'
import { openConnection, type RpcConnection } from './substrate/rpc-connection.ts'
import { assertCompatible } from './substrate/runtime-check.ts'
import { createSubmitter } from './substrate/submit.ts'

const CALL_TIMEOUT_MS = 15_000
const INCLUSION_TIMEOUT_MS = 90_000

export interface ConnectOptions {
  /** ws:// or wss:// address of a node. */
  endpoint: string
  log?: Log
  /** What the chain must be; anything else fails with `CHAIN_WRONG`. */
  expected?: { specName?: string | undefined; genesisHash?: string | undefined }
  /** Deadline of every call, in milliseconds. */
  timeoutMs?: number
  /** Deadline for a transaction to get into a finalized block, in milliseconds. */
  inclusionTimeoutMs?: number
}

/** AdminUtils' call for each hyperparameter; the argument after netuid is the value. */
const ADMIN_CALLS: Readonly<Record<keyof AdminHyperparameters, string>> = {
  tempo: 'sudoSetTempo',
  weightsRateLimit: 'sudoSetWeightsSetRateLimit',
  minAllowedWeights: 'sudoSetMinAllowedWeights',
  maxWeightLimit: 'sudoSetMaxWeightLimit',
  versionKey: 'sudoSetWeightsVersionKey',
  commitReveal: 'sudoSetCommitRevealWeightsEnabled',
  kappa: 'sudoSetKappa',
  immunityPeriod: 'sudoSetImmunityPeriod',
  activityCutoff: 'sudoSetActivityCutoff',
  maxAllowedUids: 'sudoSetMaxAllowedUids',
  maxAllowedValidators: 'sudoSetMaxAllowedValidators',
  servingRateLimit: 'sudoSetServingRateLimit',
}

/**
 * Connects to a node and checks that this is the expected chain, with a runtime that this client can talk to.
 * Throws `CHAIN_UNREACHABLE`, `CHAIN_WRONG`, `CHAIN_INCOMPATIBLE` or `CHAIN_TIMEOUT`.
 */
export async function connectChain(options: ConnectOptions): Promise<ChainClient & ChainAdmin> {
  const { endpoint, log = silentLog(), timeoutMs = CALL_TIMEOUT_MS } = options
  const connection = await openConnection(endpoint, timeoutMs, log)
  try {
    const api = new ApiPromise({ provider: connection.provider as ProviderInterface, noInitWarn: true })
    await connection.within('reading the metadata', api.isReadyOrError)
    assertExpected(infoOf(api), endpoint, options.expected)
    assertCompatible(api)
    return await createClient(api, connection, log, options.inclusionTimeoutMs ?? INCLUSION_TIMEOUT_MS)
  } catch (error) {
    // The library prints every request that a closing connection cuts off; after one more answer there is none.
    await connection.request('state_getRuntimeVersion', []).catch(() => {})
    await connection.close()
    throw error
  }
}

async function createClient(
  api: ApiPromise,
  connection: RpcConnection,
  log: Log,
  inclusionTimeoutMs: number,
): Promise<ChainClient & ChainAdmin> {
  const heads = await subscribeHeads(
    connection,
    (header) => api.registry.createType<Header>('Header', header).hash.toHex(),
    log,
  )
  const submitter = createSubmitter(api, connection, inclusionTimeoutMs)
  const call = (pallet: string, name: string, ...args: unknown[]): SubmittableExtrinsic<'promise'> => {
    const found = api.tx[pallet]?.[name]
    if (found === undefined)
      throw new StarlingError('CHAIN_INCOMPATIBLE', `the runtime has no call ${pallet}.${name}`)
    return found(...args)
  }
  const finalizedHash = async () => z.string().parse(await connection.request('chain_getFinalizedHead', []))

  return {
    info: () => infoOf(api),
    async head() {
      const hash = await finalizedHash()
      const header = z
        .object({ number: z.string() })
        .parse(await connection.request('chain_getHeader', [hash]))
      return { number: Number(header.number), hash }
    },
    async blockHash(number) {
      const hash = z
        .string()
        .nullable()
        .parse(await connection.request('chain_getBlockHash', [number]))
      if (hash !== null) return hash
      throw new StarlingError('CHAIN_BLOCK_UNKNOWN', `the chain has no block ${number}`)
    },
    onBlock: (listener) => heads.listen(listener),
    async metagraph(netuid, at) {
      const hash = at ?? (await finalizedHash())
      const [found, lastBlock, index] = await Promise.all([
        fetchMetagraph(api, connection, netuid, hash),
        fetchNumber(api, connection, 'lastEpochBlock', netuid, hash),
        fetchNumber(api, connection, 'subnetEpochIndex', netuid, hash),
      ])
      return toMetagraph(found, { lastBlock, index })
    },
    async hyperparameters(netuid) {
      return toHyperparameters(await fetchMetagraph(api, connection, netuid, await finalizedHash()))
    },
    async balance(address) {
      const stored = await connection.request('state_getStorage', [
        storageKey(api, 'system', 'account', address),
      ])
      const account = api.registry.createType<AccountInfo>(
        'AccountInfo',
        z.string().nullable().parse(stored) ?? undefined,
      )
      return account.data.free.toBigInt()
    },
    async setWeights(signer, { netuid, uids, weights, versionKey }) {
      const extrinsic = call('subtensorModule', 'setWeights', netuid, uids, weights, versionKey)
      return (await submitter.submit(signer, extrinsic)).receipt
    },
    async serveAxon(signer, { netuid, ip, port, version }) {
      const address = ipToChain(ip)
      const fields = [netuid, version, address.ip, port, address.ipType, 0, 0, 0]
      return (await submitter.submit(signer, call('subtensorModule', 'serveAxon', ...fields))).receipt
    },
    async burnedRegister(signer, { netuid, hotkey }) {
      return (await submitter.submit(signer, call('subtensorModule', 'burnedRegister', netuid, hotkey)))
        .receipt
    },
    async addStake(signer, { netuid, hotkey, amount }) {
      return (await submitter.submit(signer, call('subtensorModule', 'addStake', hotkey, netuid, amount)))
        .receipt
    },
    async removeStake(signer, { netuid, hotkey, amount }) {
      return (await submitter.submit(signer, call('subtensorModule', 'removeStake', hotkey, netuid, amount)))
        .receipt
    },
    async transfer(signer, { to, amount }) {
      return (await submitter.submit(signer, call('balances', 'transferKeepAlive', to, amount))).receipt
    },
    async registerNetwork(signer, { hotkey }) {
      const { receipt, events } = await submitter.submit(
        signer,
        call('subtensorModule', 'registerNetwork', hotkey),
      )
      const added = events.find(
        ({ event }) => event.section === 'subtensorModule' && event.method === 'NetworkAdded',
      )
      return { ...receipt, netuid: z.number().parse(added?.event.data[0]?.toJSON()) }
    },
    async setHyperparameters(signer, netuid, values) {
      const entries = Object.entries(values) as [keyof AdminHyperparameters, number | bigint | boolean][]
      const receipts = await Promise.all(
        entries.map(async ([name, value]) => {
          const inner = call('adminUtils', ADMIN_CALLS[name], netuid, value)
          return (await submitter.submit(signer, call('sudo', 'sudo', inner))).receipt
        }),
      )
      return receipts
    },
    async close() {
      await heads.close()
      await connection.close()
    },
  }
}

function infoOf(api: ApiPromise): ChainInfo {
  const genesisHash = api.genesisHash.toHex()
  const { specName, specVersion } = api.runtimeVersion
  return {
    specName: specName.toString(),
    specVersion: specVersion.toNumber(),
    genesisHash,
    marker: genesisHash,
  }
}

function assertExpected(info: ChainInfo, endpoint: string, expected: ConnectOptions['expected'] = {}): void {
  const wrong = [
    expected.specName !== undefined && expected.specName !== info.specName
      ? `its runtime is ${info.specName}, not ${expected.specName}`
      : undefined,
    expected.genesisHash !== undefined && expected.genesisHash !== info.genesisHash
      ? `its genesis is ${info.genesisHash}, not ${expected.genesisHash}`
      : undefined,
  ].filter((text) => text !== undefined)
  if (wrong.length === 0) return
  const message = `${endpoint} is another chain: ${wrong.join(' and ')}`
  throw new StarlingError('CHAIN_WRONG', message, 'check the endpoint')
}

async function fetchMetagraph(
  api: ApiPromise,
  connection: RpcConnection,
  netuid: number,
  hash: string,
): Promise<ChainMetagraph> {
  const argument = api.registry.createType('u16', netuid).toHex(true)
  const type = runtimeApiType(api, 'subnetInfoRuntimeApi', 'getMetagraph')
  const encoded = await connection.request('state_call', [
    'SubnetInfoRuntimeApi_get_metagraph',
    argument,
    hash,
  ])
  const json = api.registry.createType(type, hexToU8a(z.string().parse(encoded))).toJSON()
  if (json !== null) return parseMetagraph(json)
  throw new StarlingError('CHAIN_SUBNET_UNKNOWN', `the chain has no subnet ${netuid}`, 'check --netuid')
}

async function fetchNumber(
  api: ApiPromise,
  connection: RpcConnection,
  item: string,
  netuid: number,
  hash: string,
): Promise<number> {
  const key = storageKey(api, 'subtensorModule', item, netuid)
  const stored = z
    .string()
    .nullable()
    .parse(await connection.request('state_getStorage', [key, hash]))
  // As text, hex would be read as a number, not as an encoding.
  return api.registry.createType('u64', hexToU8a(stored ?? '0x00')).toNumber()
}
