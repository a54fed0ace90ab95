import { mkdir } from 'node:fs/promises'
import { type Clock, systemClock } from '../../process/clock.ts'
import { type Log, silentLog } from '../../process/logging.ts'
import { openGenesis } from './genesis.ts'
import { createChain } from './node/chain.ts'
import { startBlockTimer } from './node/timer.ts'
import { serveRpc } from './rpc/server.ts'
import { createExecutor, type Executor } from './runtime/executor.ts'
import { genesisBlock } from './runtime/genesis.ts'
import type { GenesisHyperparameters } from './runtime/hyperparameters.ts'
import { type Database, openDatabase } from './storage/database.ts'
import type { WantedGenesis } from './storage/genesis-file.ts'
import { createHistory, type History } from './storage/history.ts'
import { lockDataFolder } from './storage/lock.ts'

/** Blocks behind the newest that can be asked for, with their states; of older ones the hash is kept, as in a node that prunes. */
const HISTORY_DEPTH = 512

export interface DevnetOptions {
  /** 0 takes a free port. */
  port: number
  /** Folder that holds the chain; made when it is not there, resumed when it is. */
  dataDir: string
  /** Milliseconds between blocks. */
  blockMs: number
  /** Genesis preset of the runtime; the folder's, or `development` in a new one, unless given. */
  preset?: string | undefined
  /** Hyperparameters of the preset's subnets; the folder's, or the preset's in a new one, unless given. */
  hyperparameters?: GenesisHyperparameters | undefined
  log?: Log
  clock?: Clock
  /** Called after each block. */
  onBlock?: (block: { number: number; hash: string }) => void
  /** Called once when the chain can go on no longer, for example on a full disk. */
  onFailure?: (error: unknown) => void
}

export interface Devnet {
  /** ws://127.0.0.1:PORT */
  readonly url: string
  readonly specName: string
  readonly specVersion: number
  readonly genesisHash: string
  /** The newest block, which is final. */
  head(): { number: number; hash: string }
  /** Makes a block now. With a `blockMs` that never passes, blocks come by this alone. */
  produce(): Promise<{ number: number; hash: string }>
  /** Stops making blocks, cuts off clients and frees the folder. Safe to call twice. */
  close(): Promise<void>
}

/**
 * Starts a chain with a single author in this process: the committed runtime, blocks on a timer, JSON-RPC on loopback.
 *
 * Throws `DEVNET_FOLDER_IN_USE`, `DEVNET_DATABASE_DAMAGED`, `DEVNET_PORT_TAKEN`, or what {@link openGenesis} throws.
 */
export async function startDevnet(options: DevnetOptions): Promise<Devnet> {
  const { clock = systemClock, log = silentLog() } = options
  const closers: (() => Promise<void>)[] = []
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= closeInOrder(closers)
    return closing
  }
  try {
    await mkdir(options.dataDir, { recursive: true, mode: 0o700 })
    closers.push(await lockDataFolder(options.dataDir))
    const executor = createExecutor()
    closers.push(() => executor.close())
    const { history, database } = await openFolder(options.dataDir, options, executor, clock)
    closers.push(() => database.close())
    const chain = createChain({ executor, history, database, clock })
    if (options.onBlock !== undefined) chain.onHead(options.onBlock)
    // Listening comes before the first block, so that a taken port leaves no trace in the folder.
    const server = await serveRpc(chain, options.port)
    closers.push(() => server.close())
    await chain.produce()
    const version = await executor.version(chain.code())
    closers.push(startBlockTimer(chain, options.blockMs, log, options.onFailure))
    return {
      url: `ws://127.0.0.1:${server.port}`,
      specName: version.specName,
      specVersion: version.specVersion,
      genesisHash: history.genesis.hash,
      head: () => ({ number: history.head.number, hash: history.head.hash }),
      async produce() {
        const { number, hash } = await chain.produce()
        return { number, hash }
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** The chain in a data folder, as far as it got, or a new one. */
async function openFolder(
  folder: string,
  wanted: WantedGenesis,
  executor: Executor,
  clock: Clock,
): Promise<{ history: History; database: Database }> {
  const genesis = await openGenesis(folder, wanted, executor, clock.now())
  const first = { block: await genesisBlock(executor, genesis.state), state: genesis.state }
  const { database, base, blocks } = await openDatabase(folder, first, HISTORY_DEPTH)
  const history = createHistory(first.block, base, HISTORY_DEPTH)
  for (const { block, changes } of blocks) history.append(block, changes)
  return { history, database }
}

async function closeInOrder(closers: (() => Promise<void>)[]): Promise<void> {
  for (const closer of closers.toReversed()) await closer()
}
