import { runCli } from '../shared/process/cli.ts'
import { isMain } from '../shared/process/is-main.ts'
import { configCommand } from '../shared/process/settings/config-command.ts'
import { standardOutput } from '../shared/process/settings/standard-output.ts'
import { auditPlanCommand } from './audit-plan.ts'
import { type ValidatorFlags, validatorCommand, weightsCommand } from './flags.ts'
import { validatorSections, validatorSettings } from './settings.ts'

// What runs is loaded when it does: help, settings and completion need none of it.
export const command = validatorCommand()
  .action(async (flags: ValidatorFlags) => (await import('./run-validator.ts')).runValidator(flags))
  .addCommand(
    weightsCommand({
      plan: async (flags) => (await import('./run-weights.ts')).runWeightsPlan(flags),
      show: async (flags) => (await import('./run-weights.ts')).runWeightsShow(flags),
    }),
  )
  .addCommand(auditPlanCommand((text) => process.stdout.write(text)))
  .addCommand(configCommand(validatorSettings, standardOutput, { sections: validatorSections }))

if (isMain(import.meta.url)) await runCli(command, process.argv)
