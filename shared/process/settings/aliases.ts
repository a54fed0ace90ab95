/** A flag under another name. */
export interface Alias {
  /** The flag as our programs declare it; the alias holds only where there is one. */
  readonly flag: string
  /** What the alias says by itself. */
  readonly value?: string
}

/**
 * How other tools of Bittensor spell what these programs also know: btcli 11, btcli 9 and the subnet template. Flags that differ only
 * in dots, dashes and underscores need no entry.
 */
export const ALIASES: ReadonlyMap<string, Alias> = new Map([
  ['-n', { flag: '--subtensor.network' }],
  ['--network', { flag: '--subtensor.network' }],
  ['--chain', { flag: '--subtensor.network' }],
  ['--endpoint', { flag: '--subtensor.chain_endpoint' }],
  ['--chain-endpoint', { flag: '--subtensor.chain_endpoint' }],
  ['-w', { flag: '--wallet.name' }],
  ['--wallet', { flag: '--wallet.name' }],
  ['--name', { flag: '--wallet.name' }],
  ['-H', { flag: '--wallet.hotkey' }],
  ['--hotkey', { flag: '--wallet.hotkey' }],
  ['--neuron.device', { flag: '--device' }],
  ['--json-output', { flag: '--json' }],
  ['--logging.info', { flag: '--logging.level', value: 'info' }],
  ['--logging.debug', { flag: '--logging.level', value: 'debug' }],
  ['--logging.trace', { flag: '--logging.level', value: 'trace' }],
])

/** The aliases of a flag, as an operator may type them. */
export function aliasesOf(flag: string): string[] {
  return [...ALIASES].filter(([, alias]) => alias.flag === flag).map(([name]) => name)
}
