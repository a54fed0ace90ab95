import { runCli } from '../shared/process/cli.ts'
import { isMain } from '../shared/process/is-main.ts'
import { configCommand } from '../shared/process/settings/config-command.ts'
import { standardOutput } from '../shared/process/settings/standard-output.ts'
import { auditPlanCommand } from './audit-plan.ts'
import { type ValidatorFlags, validatorCommand, weightsCommand } from './flags.ts'
import { runValidator } from './run-validator.ts'
import { runWeightsPlan, runWeightsShow } from './run-weights.ts'
import { validatorSections, validatorSettings } from './settings.ts'

export const command = validatorCommand()
  .action((flags: ValidatorFlags) => runValidator(flags))
  .addCommand(weightsCommand({ plan: runWeightsPlan, show: runWeightsShow }))
  .addCommand(auditPlanCommand((text) => process.stdout.write(text)))
  .addCommand(configCommand(validatorSettings, standardOutput, { sections: validatorSections }))

if (isMain(import.meta.url)) await runCli(command, process.argv)
