import { runCli } from '../shared/process/cli.ts'
import { isMain } from '../shared/process/is-main.ts'
import { configCommand } from '../shared/process/settings/config-command.ts'
import { standardOutput } from '../shared/process/settings/standard-output.ts'
import { runExplain } from './explain/run-explain.ts'
import { explainCommand, type MinerFlags, minerCommand, selftestCommand, statusCommand } from './flags.ts'
import { runMiner } from './run-miner.ts'
import { runSelftest } from './selftest/run-selftest.ts'
import { minerSettings } from './settings.ts'
import { runStatus } from './status/run-status.ts'

const write = (text: string) => process.stdout.write(text)
export const command = minerCommand()
  .action((flags: MinerFlags) => runMiner(flags))
  .addCommand(selftestCommand((flags) => runSelftest(flags, write)))
  .addCommand(explainCommand((flags) => runExplain(flags, write)))
  .addCommand(statusCommand((flags) => runStatus(flags, write)))
  .addCommand(configCommand(minerSettings, standardOutput))

if (isMain(import.meta.url)) await runCli(command, process.argv)
