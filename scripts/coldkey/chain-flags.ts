import type { Command } from 'commander'
import type { ChainAdmin, ChainClient } from '../../shared/chain/chain-client.ts'
import { connectChain } from '../../shared/chain/substrate-client.ts'
import { loadHotkey } from '../../shared/chain/wallet/load-hotkey.ts'
import { publicKeyOf } from '../../shared/chain/wallet/signer.ts'
import { StarlingError } from '../../shared/process/errors.ts'
import { createLog } from '../../shared/process/logging.ts'
import { addOperatorFlags, chainOptions, type OperatorFlags } from '../../shared/process/operator-flags.ts'
import { terminalStep } from '../../shared/process/step.ts'

/** An operator's flags for a single call by the coldkey. */
export interface ColdkeyFlags extends OperatorFlags {
  hotkey?: string
  coldkeyUri?: string
  json: boolean
}

/** Adds the flags; the log of a single call is of no interest unless something is wrong. */
export function addColdkeyFlags(command: Command): Command {
  return addOperatorFlags(command)
    .option('--hotkey <address>', 'hotkey that this is about, instead of the wallet’s')
    .option('--json', 'print JSON', false)
    .setOptionValueWithSource('logging.level', 'warn', 'default')
}

/** The hotkey that the call is about: `--hotkey`, else that of the wallet. Throws `ADDRESS_INVALID`, `WALLET_…`. */
export async function hotkeyOf(flags: ColdkeyFlags): Promise<string> {
  const { hotkey } = flags
  if (hotkey === undefined) {
    const { 'wallet.name': name, 'wallet.hotkey': own, 'wallet.path': path } = flags
    return (await loadHotkey({ name, hotkey: own, path })).address
  }
  if (publicKeyOf(hotkey) !== undefined) return hotkey
  throw new StarlingError(
    'ADDRESS_INVALID',
    `--hotkey ${hotkey} is not an ss58 address`,
    'check for a missing letter',
  )
}

/** Connects, works, and closes the connection whatever happens. */
export async function withChain(
  flags: ColdkeyFlags,
  work: (chain: ChainClient & ChainAdmin) => Promise<void>,
): Promise<void> {
  const { endpoint, expected } = chainOptions(flags)
  const level = flags['logging.level']
  const chain = await terminalStep(level)(`connecting to ${endpoint.join(', ')}`, () =>
    connectChain({ endpoint, expected, log: createLog('coldkey', level) }),
  )
  try {
    await work(chain)
  } finally {
    await chain.close()
  }
}
