import { runCli } from '../shared/process/cli.ts'
import { auditPlanCommand } from './audit-plan.ts'
import { type ValidatorFlags, validatorCommand, weightsCommand } from './flags.ts'
import { runValidator } from './run-validator.ts'
import { runWeightsPlan, runWeightsShow } from './run-weights.ts'

const command = validatorCommand()
  .action((flags: ValidatorFlags) => runValidator(flags))
  .addCommand(weightsCommand({ plan: runWeightsPlan, show: runWeightsShow }))
  .addCommand(auditPlanCommand((text) => process.stdout.write(text)))

await runCli(command, process.argv)
