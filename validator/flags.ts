import { Command } from 'commander'
import { addSettings } from '../shared/process/settings/add-settings.ts'
import { type ValidatorFlags, validatorSections, validatorSettings } from './settings.ts'

export type { ValidatorFlags } from './settings.ts'

export interface WeightsFlags extends ValidatorFlags {
  json?: boolean
}

/** The validator's command line. */
export function validatorCommand(): Command {
  const command = new Command('validator').description(
    'Challenge, audit and rank miners, and set their weights.',
  )
  return addSettings(command, validatorSettings, { sections: validatorSections })
}

/** `validator weights …`: what is, or would be, on the chain. Takes the validator's flags, too. */
export function weightsCommand(run: {
  readonly plan: (flags: WeightsFlags) => Promise<void>
  readonly show: (flags: WeightsFlags) => Promise<void>
}): Command {
  const command = new Command('weights').description('Look at the weights of this validator.')
  const plan = new Command('plan')
    .description('Print each of the chain’s rules with pass or fail, the blocks still to wait, and the call.')
    .option('--dry-run', 'send nothing; planning never does')
    .action((_flags, self: Command) => run.plan(self.optsWithGlobals()))
  const show = new Command('show')
    .description('Print the weights and commits that the chain holds.')
    .action((_flags, self: Command) => run.show(self.optsWithGlobals()))
  for (const subcommand of [plan, show]) {
    subcommand.option('--json', 'as JSON').configureHelp({ showGlobalOptions: true })
    command.addCommand(subcommand)
  }
  return command
}
