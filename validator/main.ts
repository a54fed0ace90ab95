import { runCli } from '../shared/process/cli.ts'
import { type ValidatorFlags, validatorCommand, weightsCommand } from './flags.ts'
import { runValidator } from './run-validator.ts'
import { runWeightsPlan, runWeightsShow } from './run-weights.ts'

const command = validatorCommand()
  .action((flags: ValidatorFlags) => runValidator(flags))
  .addCommand(weightsCommand({ plan: runWeightsPlan, show: runWeightsShow }))

await runCli(command, process.argv)
