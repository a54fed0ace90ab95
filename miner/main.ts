import { runCli } from '../shared/process/cli.ts'
import { isMain } from '../shared/process/is-main.ts'
import { configCommand } from '../shared/process/settings/config-command.ts'
import { standardOutput } from '../shared/process/settings/standard-output.ts'
import { explainCommand, type MinerFlags, minerCommand, selftestCommand, statusCommand } from './flags.ts'
import { minerSettings } from './settings.ts'

const write = (text: string) => process.stdout.write(text)

// What runs is loaded when it does: help, settings and completion need none of it.
export const command = minerCommand()
  .action(async (flags: MinerFlags) => (await import('./run-miner.ts')).runMiner(flags))
  .addCommand(
    selftestCommand(async (flags) => (await import('./selftest/run-selftest.ts')).runSelftest(flags, write)),
  )
  .addCommand(
    explainCommand(async (flags) => (await import('./explain/run-explain.ts')).runExplain(flags, write)),
  )
  .addCommand(
    statusCommand(async (flags) => (await import('./status/run-status.ts')).runStatus(flags, write)),
  )
  .addCommand(configCommand(minerSettings, standardOutput))

if (isMain(import.meta.url)) await runCli(command, process.argv)
