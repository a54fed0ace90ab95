import { Command } from 'commander'
import { addOperatorFlags, type OperatorFlags, wholeNumber } from '../shared/process/operator-flags.ts'

export interface ValidatorFlags extends OperatorFlags {
  models: string
  threads: number
  state?: string
  config?: string
}

/** The validator's command line. */
export function validatorCommand(): Command {
  const command = new Command('validator').description(
    'Challenge, audit and rank miners, and set their weights.',
  )
  return addOperatorFlags(command)
    .option('--models <folder>', 'folder of the models that the subnet pays for', 'models')
    .option('--threads <n>', 'threads of each engine', wholeNumber, 1)
    .option('--state <folder>', 'scores and journal (default: ~/.starling/validators/<hotkey>/netuid<n>)')
    .option(
      '--config <file>',
      'JSON with { "round": …, "scoring": … } for numbers that differ from the defaults',
    )
}
