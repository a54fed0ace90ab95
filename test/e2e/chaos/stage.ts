import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type {
  BlockHeader,
  ChainAdmin,
  ChainClient,
  SetWeightsArgs,
} from '../../../shared/chain/chain-client.ts'
import { startDevnet } from '../../../shared/chain/devnet/devnet.ts'
import { openSocket } from '../../../shared/chain/substrate/rpc-socket.ts'
import { type ConnectOptions, connectChain } from '../../../shared/chain/substrate-client.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { type ChaosProxy, startChaosProxy } from '../../support/chaos-proxy.ts'

const TAO = 1_000_000_000n

export const alice = signerFromUri('//Alice')
export const validator = signerFromUri('//Alice/validator')

export type Client = ChainClient & ChainAdmin

/** A devnet with a validator that may set weights, seen through two endpoints that fail on demand. */
export interface Stage {
  /** The devnet's own address, which never fails. */
  readonly url: string
  readonly genesisHash: string
  readonly first: ChaosProxy
  readonly second: ChaosProxy
  readonly weights: SetWeightsArgs
  /** A client of both endpoints, the first one first, with short deadlines. */
  connect(options?: Partial<ConnectOptions>): Promise<Client>
  /** Closes those clients and forgets their log. */
  disconnect(): Promise<void>
  /** A client that no failure reaches. */
  readonly witness: Client
  /** Lines of the clients' logs. */
  readonly log: { msg: string; endpoint?: string; reason?: string; error?: string }[]
  /** Number of the validator's transactions that are in the chain or wait for a block. */
  transactions(): Promise<number>
  close(): Promise<void>
}

export async function startStage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'starling-chaos-'))
  const devnet = await startDevnet({ port: 0, dataDir: folder, blockMs: 150 })
  const first = await startChaosProxy(devnet.url)
  const second = await startChaosProxy(devnet.url)
  const witness = await connectChain({ endpoint: devnet.url })
  const clients: Client[] = []
  const log: Stage['log'] = []
  const weights = await prepareSubnet(witness)
  return {
    url: devnet.url,
    genesisHash: devnet.genesisHash,
    first,
    second,
    weights,
    witness,
    log,
    async connect(options = {}) {
      const client = await connectChain({
        endpoint: [first.url, second.url],
        timeoutMs: 2_000,
        silence: { floorMs: 1_000, ceilingMs: 5_000 },
        log: pino({ level: 'info' }, { write: (line: string) => void log.push(JSON.parse(line)) }),
        ...options,
      })
      clients.push(client)
      return client
    },
    async disconnect() {
      await Promise.all(clients.splice(0).map((client) => client.close()))
      log.length = 0
    },
    transactions: () => countTransactions(devnet.url),
    async close() {
      await Promise.all([...clients, witness].map((client) => client.close()))
      await Promise.all([first.close(), second.close()])
      await devnet.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** A subnet without waiting times, whose owner's hotkey has a permit. */
async function prepareSubnet(chain: Client): Promise<SetWeightsArgs> {
  const { netuid } = await chain.registerNetwork(alice, { hotkey: validator.address })
  const values = { tempo: 5, weightsRateLimit: 0, minAllowedWeights: 1, servingRateLimit: 0 }
  await chain.setHyperparameters(alice, netuid, { ...values, commitReveal: false })
  await chain.addStake(alice, { netuid, hotkey: validator.address, amount: 1_000n * TAO })
  for (;;) {
    const { neurons } = await chain.metagraph(netuid)
    if (neurons.find(({ hotkey }) => hotkey === validator.address)?.validatorPermit) break
    await nextBlock(chain)
  }
  return { netuid, uids: [0], weights: [65_535], versionKey: 0n }
}

export function nextBlock(chain: ChainClient): Promise<BlockHeader> {
  return new Promise((resolve) => {
    const stop = chain.onBlock((header) => {
      stop()
      resolve(header)
    })
  })
}

async function countTransactions(url: string): Promise<number> {
  const controller = new AbortController()
  const socket = await openSocket(url, { timeoutMs: 5_000, pingMs: 60_000, signal: controller.signal })
  const count = await socket.request('system_accountNextIndex', [validator.address])
  controller.abort()
  return Number(count)
}
