import { runCli } from '../shared/process/cli.ts'
import { runExplain } from './explain/run-explain.ts'
import { explainCommand, type MinerFlags, minerCommand } from './flags.ts'
import { runMiner } from './run-miner.ts'

const write = (text: string) => process.stdout.write(text)
const command = minerCommand()
  .action((flags: MinerFlags) => runMiner(flags))
  .addCommand(explainCommand((flags) => runExplain(flags, write)))

await runCli(command, process.argv)
