import { Command } from 'commander'
import { positiveNumber, wholeNumber } from '../shared/process/operator-flags.ts'
import { addSettings } from '../shared/process/settings/add-settings.ts'
import type { StatusFlags } from '../shared/process/status/settings.ts'
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

/** `--status.ip` and `--status.port` say where the running miner is asked. */
export type StatusCommandFlags = MinerFlags &
  Partial<Pick<StatusFlags, 'status.ip' | 'status.port'>> & {
    /** Rounds of each validator that are shown. */
    rounds: number
    /** False with `--no-chain`. */
    chain: boolean
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

/** `miner status …`: takes the miner's flags, too. */
export function statusCommand(run: (flags: StatusCommandFlags) => Promise<void>): Command {
  return new Command('status')
    .description(
      'Say how this miner stands: rank, pay, what validators found, and what holds its score back.',
    )
    .option('--rounds <n>', 'rounds of each validator that are shown', positiveNumber, 5)
    .option('--no-chain', 'ask no chain')
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
