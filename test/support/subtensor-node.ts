import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Header } from '@polkadot/types/interfaces'
import { hexToU8a, u8aToHex } from '@polkadot/util'
import { blake2AsHex } from '@polkadot/util-crypto'
import { type WebSocket, WebSocketServer } from 'ws'
import { listRoot } from '../../shared/chain/anchor-proof/ordered-trie.ts'
import { fromHex, toHex } from '../../shared/chain/devnet/runtime/scale.ts'
import { runtimeOf, type Transaction } from './subtensor-runtime.ts'

export interface NodeOptions {
  /** Metadata of any version that the library reads. */
  readonly metadata: Uint8Array
  readonly specName: string
  readonly specVersion: number
  readonly genesisHash: `0x${string}`
  /** Number of the newest block at the start. */
  readonly height: number
  /** Field values of each subnet's metagraph, by the library's names; what is left out is zero or empty. */
  readonly metagraphs?: Readonly<Record<number, Readonly<Record<string, unknown>>>>
  /** `pallet.item`, its keys, its value. */
  /** Answers in place of its own, by method, or by runtime API function. */
  readonly answers?: Readonly<Record<string, unknown>>
  readonly storage?: readonly (readonly [item: string, keys: readonly unknown[], value: unknown])[]
}

/** A node without a runtime: every transaction is at once in a block of its own, and that block is final. */
export interface SubtensorNode {
  readonly url: string
  /** The transactions that came, oldest first. One with a wrong signature or nonce is refused. */
  readonly received: readonly Transaction[]
  /** Methods that were asked for and that it does not have. */
  readonly unknown: readonly string[]
  close(): Promise<void>
}

interface Block {
  readonly number: number
  readonly hash: string
  readonly header: Record<string, unknown>
  readonly extrinsics: readonly string[]
  /** `System.Events`, encoded. */
  readonly events: string | null
}

type Method = (params: readonly unknown[], socket: WebSocket) => unknown

const TRANSACTION_VERSION = 1

/** Where metadata tells its own version, after its magic number. */
const VERSION_AT = 4

/** Serves on a free port of the loopback interface. */
export async function startSubtensorNode(options: NodeOptions): Promise<SubtensorNode> {
  const { metadata, specName, specVersion, genesisHash, height } = options
  const runtime = runtimeOf(metadata, { specVersion, transactionVersion: TRANSACTION_VERSION, genesisHash })
  const values = new Map<string, string>(
    (options.storage ?? []).map(([item, keys, value]) => [
      runtime.key(item, keys),
      runtime.encoded(item, value),
    ]),
  )
  const received: Transaction[] = []
  const unknown: string[] = []
  const blocks: Block[] = []
  const headListeners = new Map<WebSocket, string>()
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })

  const addBlock = (extrinsics: readonly string[], events: string | null): Block => {
    const number = height + blocks.length
    const header = {
      parentHash: blocks.at(-1)?.hash ?? genesisHash,
      number: `0x${number.toString(16)}`,
      stateRoot: `0x${'00'.repeat(32)}`,
      extrinsicsRoot: toHex(listRoot(extrinsics.map(fromHex), 0)),
      digest: { logs: [] },
    }
    const { hash } = runtime.registry.createType<Header>('Header', header)
    const block = { number, hash: hash.toHex(), header, extrinsics, events }
    blocks.push(block)
    for (const [socket, id] of headListeners) notify(socket, 'chain_finalizedHead', id, header)
    return block
  }
  const blockAt = (hash: unknown): Block => {
    const found = hash == null ? blocks.at(-1) : blocks.find((block) => block.hash === hash)
    if (found === undefined) throw new Error(`no block ${hash}`)
    return found
  }
  const stored = (key: unknown, at: unknown) =>
    key === runtime.key('system.events', []) ? blockAt(at).events : (values.get(String(key)) ?? null)
  const runtimeVersion = {
    specName,
    implName: specName,
    authoringVersion: 1,
    specVersion,
    implVersion: 1,
    apis: ['Core', 'Metadata', 'SubnetInfoRuntimeApi'].map((name) => [blake2AsHex(name, 64), 2]),
    transactionVersion: TRANSACTION_VERSION,
    stateVersion: 1,
  }

  const submit: Method = ([hex], socket) => {
    const { number } = blockAt(null)
    const hashOf = (of: number) => blocks.find((block) => block.number === of)?.hash ?? ''
    const transaction = runtime.decode(String(hex), { head: number, hashOf })
    const nonce = received.filter(({ signer }) => signer === transaction.signer).length
    if (!transaction.signed || transaction.nonce !== nonce) throw new Error('bad signature or nonce')
    received.push(transaction)
    const id = `tx${received.length}`
    // After the answer with the subscription's id.
    setImmediate(() => {
      notify(socket, 'author_extrinsicUpdate', id, 'ready')
      const { hash } = addBlock([String(hex)], runtime.success(transaction.call))
      notify(socket, 'author_extrinsicUpdate', id, { inBlock: hash })
      notify(socket, 'author_extrinsicUpdate', id, { finalized: hash })
    })
    return id
  }
  const call: Method = ([name, argument]) => {
    if (name === 'Metadata_metadata_versions') return runtime.u32s([metadata[VERSION_AT] ?? 0])
    if (name === 'Metadata_metadata_at_version') return runtime.opaque(metadata)
    if (name !== 'SubnetInfoRuntimeApi_get_metagraph') throw new Error(`no runtime API ${name}`)
    const netuid = runtime.registry.createType('u16', hexToU8a(String(argument))).toNumber()
    return runtime.metagraph(options.metagraphs?.[netuid])
  }
  const methods: Record<string, Method> = {
    rpc_methods: () => ({ methods: Object.keys(methods) }),
    system_chain: () => 'Test',
    system_chainType: () => 'Live',
    system_properties: () => ({ ss58Format: 42, tokenDecimals: 9, tokenSymbol: 'TAO' }),
    system_health: () => ({ peers: 1, isSyncing: false, shouldHavePeers: true }),
    system_accountNextIndex: ([account]) => received.filter(({ signer }) => signer === account).length,
    chain_getBlockHash: ([number]) =>
      number === 0 ? genesisHash : (blocks.find((block) => block.number === number)?.hash ?? null),
    chain_getFinalizedHead: () => blockAt(null).hash,
    chain_getHeader: ([hash]) => blockAt(hash).header,
    chain_getBlock: ([hash]) => {
      const { header, extrinsics } = blockAt(hash)
      return { block: { header, extrinsics }, justifications: null }
    },
    chain_subscribeFinalizedHeads: (_params, socket) => {
      headListeners.set(socket, 'heads')
      setImmediate(() => notify(socket, 'chain_finalizedHead', 'heads', blockAt(null).header))
      return 'heads'
    },
    chain_unsubscribeFinalizedHeads: (_params, socket) => headListeners.delete(socket),
    state_getRuntimeVersion: () => runtimeVersion,
    state_subscribeRuntimeVersion: (_params, socket) => {
      setImmediate(() => notify(socket, 'state_runtimeVersion', 'version', runtimeVersion))
      return 'version'
    },
    state_unsubscribeRuntimeVersion: () => true,
    state_getMetadata: () => u8aToHex(metadata),
    state_getStorage: ([key, at]) => stored(key, at),
    state_queryStorageAt: ([keys, at]) => {
      const changes = (keys as string[]).map((key) => [key, stored(key, at)])
      return [{ block: blockAt(at).hash, changes }]
    },
    state_call: call,
    author_submitAndWatchExtrinsic: submit,
    author_unwatchExtrinsic: () => true,
  }

  addBlock([], null)
  server.on('connection', (socket) => {
    socket.on('close', () => headListeners.delete(socket))
    socket.on('message', (data) => {
      const { id, method, params = [] } = JSON.parse(String(data))
      const name = method === 'state_call' ? params[0] : method
      const given = options.answers?.[name]
      const run = given === undefined ? methods[method] : () => given
      if (run === undefined) unknown.push(method)
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, ...answer(run, params, socket) }))
    })
  })
  await once(server, 'listening')
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    unknown,
    async close() {
      for (const socket of server.clients) socket.terminate()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function answer(run: Method | undefined, params: readonly unknown[], socket: WebSocket) {
  if (run === undefined) return { error: { code: -32601, message: 'Method not found' } }
  try {
    return { result: run(params, socket) }
  } catch (error) {
    return { error: { code: -32000, message: String(error) } }
  }
}

function notify(socket: WebSocket, method: string, subscription: string, result: unknown): void {
  socket.send(JSON.stringify({ jsonrpc: '2.0', method, params: { subscription, result } }))
}
