import type { Header } from '@polkadot/types/interfaces'
import { z } from 'zod'
import type { Clock } from '../../process/clock.ts'
import type { Log } from '../../process/logging.ts'
import { assertExpected, type ExpectedChain } from './chain-info.ts'
import { createHeads, type Heads } from './heads.ts'
import { openConnection, type RpcConnection } from './rpc-connection.ts'
import type { RpcSocket } from './rpc-socket.ts'
import { loadRuntime, parseVersion, type Runtime, type RuntimeVersion, sameRuntime } from './runtime.ts'
import { createWatchdog, type SilenceLimits } from './watchdog.ts'

const RUNTIME_VERSION = { start: 'state_subscribeRuntimeVersion', stop: 'state_unsubscribeRuntimeVersion' }

/** One chain, whichever endpoint it is seen through and whichever runtime it has. */
export interface ChainSession {
  readonly connection: RpcConnection
  readonly heads: Heads
  /** The runtime of the chain now. */
  runtime(): Runtime
  /** Resolves when the runtime is known again, after an upgrade was noticed; at once where none is under way. */
  settled(): Promise<void>
  close(): void
}

export interface SessionOptions {
  readonly endpoints: readonly string[]
  readonly expected: ExpectedChain
  readonly timeoutMs: number
  readonly pingMs: number
  readonly silence: SilenceLimits
  readonly clock: Clock
  readonly random: () => number
  /** Told of every endpoint that is taken into use. */
  readonly onEndpoint?: (endpoint: string) => void
  readonly log: Log
}

/**
 * Opens a session. Every new socket answers for its genesis and its runtime before anything else is asked of it; blocks
 * and news of upgrades are then followed over it. That costs four requests, or nine where the runtime is a new one, and
 * nothing a block: a node pushes both.
 *
 * Throws `CHAIN_UNREACHABLE`, `CHAIN_WRONG`, `CHAIN_TIMEOUT` or `CHAIN_INCOMPATIBLE`.
 */
export async function openSession(options: SessionOptions): Promise<ChainSession> {
  const { timeoutMs, clock, log } = options
  let genesisHash = options.expected.genesisHash
  let loaded: Runtime | undefined
  let upgrade: Promise<void> | undefined

  const runtime = (): Runtime => {
    if (loaded !== undefined) return loaded
    throw new Error('there is a runtime once a socket was prepared')
  }
  const hashOf = (header: unknown) => runtime().api.registry.createType<Header>('Header', header).hash.toHex()
  const heads = createHeads(hashOf, timeoutMs, log)

  const use = async (socket: RpcSocket, version: RuntimeVersion) => {
    if (loaded !== undefined && sameRuntime(loaded.version, version)) return
    const before = loaded?.version
    loaded = await loadRuntime(socket, version, genesisHash ?? '')
    const { specName, specVersion } = version
    const context = { endpoint: socket.endpoint, specName, specVersion, before: before?.specVersion }
    if (before !== undefined) log.info(context, 'chain runtime upgraded')
    if (loaded.stopReason !== undefined) log.error(context, `writes are stopped: ${loaded.stopReason}`)
  }

  const upgradeTo = (socket: RpcSocket, version: RuntimeVersion) => {
    if (loaded !== undefined && sameRuntime(loaded.version, version) && upgrade === undefined) return
    // One after the other: the last that the node told of stays.
    const under = (upgrade ?? Promise.resolve())
      .then(() => use(socket, version))
      .catch((error: unknown) => socket.drop(`its new runtime cannot be used: ${String(error)}`))
      .finally(() => {
        if (upgrade === under) upgrade = undefined
      })
    upgrade = under
  }

  const prepare = async (socket: RpcSocket) => {
    const { endpoint } = socket
    const found = z.string().safeParse(await socket.request('chain_getBlockHash', [0])).data ?? 'no hash'
    assertExpected({ genesisHash: found }, endpoint, { genesisHash })
    const version = parseVersion(await socket.request('state_getRuntimeVersion', []), endpoint)
    assertExpected({ specName: version.specName }, endpoint, { specName: options.expected.specName })
    genesisHash = found
    await upgrade
    await use(socket, version)
    await heads.follow(socket)
    await socket.subscribe(RUNTIME_VERSION, [], (json) => upgradeTo(socket, parseVersion(json, endpoint)))
  }

  const connection = await openConnection({ ...options, prepare })
  const watchdog = createWatchdog(options.silence, clock, () => {
    const socket = connection.current()
    if (socket !== undefined) void whyStill(socket, heads).then((reason) => socket.drop(reason))
  })
  const { onEndpoint } = options
  const first = connection.current()
  if (first !== undefined) onEndpoint?.(first.endpoint)
  connection.onSocket(({ endpoint }) => {
    watchdog.start()
    onEndpoint?.(endpoint)
  })
  heads.listen(() => {
    watchdog.beat()
    connection.prove()
  })
  watchdog.start()

  return {
    connection,
    heads,
    runtime,
    settled: async () => upgrade,
    close() {
      watchdog.stop()
      connection.close()
    },
  }
}

/** Asks once what became of the blocks. */
async function whyStill(socket: RpcSocket, heads: Heads): Promise<string> {
  try {
    const hash = await socket.request('chain_getFinalizedHead', [])
    const { number, hash: newest } = heads.newest()
    return hash === newest ? `no block after ${number}` : 'it does not tell of its new blocks'
  } catch (error) {
    return `no new block, and no answer: ${error instanceof Error ? error.message : String(error)}`
  }
}
