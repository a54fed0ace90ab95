import { homedir } from 'node:os'
import { join } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { LOG_LEVELS, type LogLevel } from './logging.ts'

/** What both miner and validator are told, with the names that Bittensor operators know. */
export interface OperatorFlags {
  netuid: number
  'subtensor.network': string
  'subtensor.chain_endpoint'?: string
  'subtensor.genesis_hash'?: string
  'wallet.name': string
  'wallet.hotkey': string
  'wallet.path': string
  'logging.level': LogLevel
}

const NETWORKS: Readonly<Record<string, string>> = { local: 'ws://127.0.0.1:9944' }

/** Adds the flags; environment variables of Bittensor's SDK stand in for flags that are not given. */
export function addOperatorFlags(command: Command): Command {
  return command
    .option('--netuid <n>', 'subnet', wholeNumber, 1)
    .addOption(
      new Option('--subtensor.network <name>', `network: ${Object.keys(NETWORKS).join(', ')}`)
        .env('BT_SUBTENSOR_NETWORK')
        .default('local'),
    )
    .addOption(
      new Option(
        '--subtensor.chain_endpoint <url>',
        'WebSocket address of a node; overrides the network',
      ).env('BT_SUBTENSOR_CHAIN_ENDPOINT'),
    )
    .option('--subtensor.genesis_hash <hash>', 'refuse any other chain than the one with this genesis')
    .addOption(new Option('--wallet.name <name>', 'wallet').env('BT_WALLET_NAME').default('default'))
    .addOption(
      new Option('--wallet.hotkey <name>', 'hotkey of the wallet').env('BT_WALLET_HOTKEY').default('default'),
    )
    .addOption(
      new Option('--wallet.path <folder>', 'folder of the wallets')
        .env('BT_WALLET_PATH')
        .default(join(homedir(), '.bittensor', 'wallets'), '~/.bittensor/wallets'),
    )
    .addOption(
      new Option('--logging.level <level>', 'least level of log lines').choices(LOG_LEVELS).default('info'),
    )
}

/** The node to connect to, and what it must be. @throws InvalidArgumentError on an unknown network name */
export function chainOptions(flags: OperatorFlags): {
  readonly endpoint: string
  readonly expected: { readonly genesisHash: string | undefined }
} {
  const endpoint = flags['subtensor.chain_endpoint'] ?? NETWORKS[flags['subtensor.network']]
  if (endpoint !== undefined) return { endpoint, expected: { genesisHash: flags['subtensor.genesis_hash'] } }
  throw new InvalidArgumentError(
    `--subtensor.network ${flags['subtensor.network']} is not known; give --subtensor.chain_endpoint ws://…`,
  )
}

/** Parses a flag that counts things. */
export function wholeNumber(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError(`${text} is not a whole number.`)
  return value
}
