import { runCli } from '../shared/process/cli.ts'
import { type MinerFlags, minerCommand } from './flags.ts'
import { runMiner } from './run-miner.ts'

const command = minerCommand().action((flags: MinerFlags) => runMiner(flags))

await runCli(command, process.argv)
