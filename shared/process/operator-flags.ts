import { homedir } from 'node:os'
import { join } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { LOG_LEVELS } from './logging.ts'
import { findNetwork, NETWORK_NAMES } from './networks.ts'
import { addSettings } from './settings/add-settings.ts'
import { setting } from './settings/setting.ts'
import { choiceType, endpointsType, textType, wholeNumberType } from './settings/values.ts'

/** What both miner and validator are told, with the names that Bittensor operators know. */
export const operatorSettings = z.strictObject({
  netuid: setting(wholeNumberType.default(1), 'subnet', { value: 'n' }),
  'subtensor.network': setting(
    textType.default('local'),
    `network: ${NETWORK_NAMES.join(', ')}, or the ws:// or wss:// address of a node`,
    { value: 'name', env: ['BT_SUBTENSOR_NETWORK', 'BT_NETWORK'] },
  ),
  'subtensor.chain_endpoint': setting(
    endpointsType.exactOptional(),
    'WebSocket address of a node, instead of the network’s own; several (repeated, or with commas) stand in for each other',
    { value: 'url', env: ['BT_SUBTENSOR_CHAIN_ENDPOINT'], secret: 'url' },
  ),
  'subtensor.genesis_hash': setting(
    textType.exactOptional(),
    'refuse any other chain than the one with this genesis',
    { value: 'hash' },
  ),
  'wallet.name': setting(textType.default('default'), 'wallet', {
    value: 'name',
    env: ['BT_WALLET_NAME', 'BT_WALLET'],
  }),
  'wallet.hotkey': setting(textType.default('default'), 'hotkey of the wallet', {
    value: 'name',
    env: ['BT_WALLET_HOTKEY'],
  }),
  'wallet.path': setting(
    textType.default(join(homedir(), '.bittensor', 'wallets')),
    'folder of the wallets',
    {
      value: 'folder',
      env: ['BT_WALLET_PATH'],
      defaultText: '~/.bittensor/wallets',
    },
  ),
  'logging.level': setting(choiceType(LOG_LEVELS).default('info'), 'least level of log lines', {
    value: 'level',
  }),
})
export type OperatorFlags = z.infer<typeof operatorSettings>

/** Adds the flags; environment variables stand in for flags that are not given. */
export function addOperatorFlags(command: Command): Command {
  return addSettings(command, operatorSettings)
}

/**
 * The nodes to connect to, and what they must be: the network’s genesis holds for endpoints given by hand, too.
 * @throws InvalidArgumentError on an unknown network name
 */
export function chainOptions(flags: OperatorFlags): {
  readonly endpoint: readonly string[]
  readonly expected: { readonly genesisHash: string | undefined }
} {
  const name = flags['subtensor.network']
  const network = findNetwork(name)
  // As in Bittensor’s SDK, a network may be given by its address.
  const byAddress = /^wss?:\/\//.test(name) ? addresses(name) : undefined
  const endpoint = flags['subtensor.chain_endpoint'] ?? byAddress ?? network?.endpoints
  if (endpoint !== undefined) {
    return { endpoint, expected: { genesisHash: flags['subtensor.genesis_hash'] ?? network?.genesisHash } }
  }
  throw new InvalidArgumentError(
    `--subtensor.network ${name} is not known; give one of ${NETWORK_NAMES.join(', ')}, or --subtensor.chain_endpoint ws://…`,
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

/** Parses a flag that counts things, of which there is one at least. */
export function positiveNumber(text: string): number {
  const value = wholeNumber(text)
  if (value === 0) throw new InvalidArgumentError('Give 1 or more.')
  return value
}
