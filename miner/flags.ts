import { Command } from 'commander'
import { positiveNumber, wholeNumber } from '../shared/process/operator-flags.ts'
import { addSettings } from '../shared/process/settings/add-settings.ts'
import { type MinerFlags, minerSettings } from './settings.ts'

export type { MinerFlags } from './settings.ts'

export interface ExplainFlags extends MinerFlags {
  validator?: string
  round?: number
  file?: string
  /** False with `--no-chain`. */
  chain: boolean
  json?: boolean
}

export interface SelftestFlags extends MinerFlags {
  registry?: string
  answers: number
  json?: boolean
}

/** The miner's command line. */
export function minerCommand(name = 'miner'): Command {
  const command = new Command(name).description('Serve generation and judging to validators, for emission.')
  return addSettings(command, minerSettings)
}

/** `miner explain …`: takes the miner's flags, too. */
export function explainCommand(run: (flags: ExplainFlags) => Promise<void>): Command {
  return new Command('explain')
    .description('Say why this miner earned what it earned in a round, and what proves it.')
    .option('--validator <hotkey>', 'whose round; that of the newest receipt unless told')
    .option('--round <n>', 'which round; the newest unless told', wholeNumber)
    .option('--file <file>', 'the validator’s published round, for the place among all')
    .option('--no-chain', 'ask no chain: the receipt is then held against the anchors that the miner noted')
    .option('--json', 'as JSON')
    .configureHelp({ showGlobalOptions: true })
    .action((_flags, self: Command) => run(self.optsWithGlobals()))
}

/** `miner selftest …`: takes the miner's flags, too, though none of the chain or the wallet. */
export function selftestCommand(run: (flags: SelftestFlags) => Promise<void>): Command {
  return new Command('selftest')
    .description('Audit this machine’s own answers as a validator would; needs no chain and spends nothing.')
    .option('--registry <file>', 'registry of declared models (default: registry.json beside the model)')
    .option('--answers <n>', 'answers that are tried at once', positiveNumber, 12)
    .option('--json', 'as JSON')
    .configureHelp({ showGlobalOptions: true })
    .action((_flags, self: Command) => run(self.optsWithGlobals()))
}
