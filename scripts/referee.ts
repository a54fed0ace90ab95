import { runCli } from '../shared/process/cli.ts'
import { refereeCommand } from './referee/command.ts'

await runCli(refereeCommand(), process.argv)
