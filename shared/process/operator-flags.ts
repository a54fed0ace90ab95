import { homedir } from 'node:os'
import { join } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { LOG_LEVELS, type LogLevel } from './logging.ts'
import { findNetwork, NETWORK_NAMES } from './networks.ts'

/** What both miner and validator are told, with the names that Bittensor operators know. */
export interface OperatorFlags {
  netuid: number
  'subtensor.network': string
  'subtensor.chain_endpoint'?: readonly string[]
  'subtensor.genesis_hash'?: string
  'wallet.name': string
  'wallet.hotkey': string
  'wallet.path': string
  'logging.level': LogLevel
}

/** Adds the flags; environment variables of Bittensor's SDK stand in for flags that are not given. */
export function addOperatorFlags(command: Command): Command {
  return command
    .option('--netuid <n>', 'subnet', wholeNumber, 1)
    .addOption(
      new Option('--subtensor.network <name>', `network: ${NETWORK_NAMES.join(', ')}`)
        .env('BT_SUBTENSOR_NETWORK')
        .default('local'),
    )
    .addOption(
      new Option(
        '--subtensor.chain_endpoint <url>',
        'WebSocket address of a node, instead of the network’s own; several (repeated, or with commas) stand in for each other',
      )
        .env('BT_SUBTENSOR_CHAIN_ENDPOINT')
        .argParser(addresses),
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

/**
 * The nodes to connect to, and what they must be: the network’s genesis holds for endpoints given by hand, too.
 * @throws InvalidArgumentError on an unknown network name
 */
export function chainOptions(flags: OperatorFlags): {
  readonly endpoint: readonly string[]
  readonly expected: { readonly genesisHash: string | undefined }
} {
  const network = findNetwork(flags['subtensor.network'])
  const endpoint = flags['subtensor.chain_endpoint'] ?? network?.endpoints
  if (endpoint !== undefined) {
    return { endpoint, expected: { genesisHash: flags['subtensor.genesis_hash'] ?? network?.genesisHash } }
  }
  throw new InvalidArgumentError(
    `--subtensor.network ${flags['subtensor.network']} is not known; give one of ${NETWORK_NAMES.join(', ')}, or --subtensor.chain_endpoint ws://…`,
  )
}

/** Parses one more value of a flag that names WebSocket addresses. */
export function addresses(text: string, before: readonly string[] = []): readonly string[] {
  const urls = text.split(',').map((part) => part.trim())
  const wrong = urls.find((url) => !/^wss?:\/\/./.test(url))
  if (wrong !== undefined) throw new InvalidArgumentError(`'${wrong}' is not a ws:// or wss:// address.`)
  return [...before, ...urls]
}

/** Parses a flag that counts things. */
export function wholeNumber(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError(`${text} is not a whole number.`)
  return value
}
