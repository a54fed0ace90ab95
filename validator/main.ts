import { runCli } from '../shared/process/cli.ts'
import { type ValidatorFlags, validatorCommand } from './flags.ts'
import { runValidator } from './run-validator.ts'

const command = validatorCommand().action((flags: ValidatorFlags) => runValidator(flags))

await runCli(command, process.argv)
