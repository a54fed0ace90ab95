import { runCli } from '../shared/process/cli.ts'
import { runExplain } from './explain/run-explain.ts'
import { explainCommand, type MinerFlags, minerCommand, selftestCommand } from './flags.ts'
import { runMiner } from './run-miner.ts'
import { runSelftest } from './selftest/run-selftest.ts'

const write = (text: string) => process.stdout.write(text)
const command = minerCommand()
  .action((flags: MinerFlags) => runMiner(flags))
  .addCommand(selftestCommand((flags) => runSelftest(flags, write)))
  .addCommand(explainCommand((flags) => runExplain(flags, write)))

await runCli(command, process.argv)
