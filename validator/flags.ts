import { Command, InvalidArgumentError, Option } from 'commander'
import { type Precision, SERVED_PRECISIONS } from '../shared/inference/precision.ts'
import { addOperatorFlags, type OperatorFlags, wholeNumber } from '../shared/process/operator-flags.ts'

export interface WeightsFlags extends ValidatorFlags {
  json?: boolean
}

export interface ValidatorFlags extends OperatorFlags {
  models: string
  registry?: string
  threads: number
  classes: readonly Precision[]
  state?: string
  publish?: string
  'publish.keep': number
  config?: string
  'dispute.ip': string
  'dispute.port'?: number
}

/** Parses a flag that counts things, of which there is one at least. */
function positiveNumber(text: string): number {
  const value = wholeNumber(text)
  if (value === 0) throw new InvalidArgumentError('0 is too few.')
  return value
}

/** The validator's command line. */
export function validatorCommand(): Command {
  const command = new Command('validator').description(
    'Challenge, audit and rank miners, and set their weights.',
  )
  return addOperatorFlags(command)
    .option('--models <folder>', 'folder of the models to verify with', 'models')
    .option('--registry <file>', 'registry of declared models (default: registry.json in that folder)')
    .option('--threads <n>', 'threads of each engine', wholeNumber, 1)
    .addOption(
      new Option('--classes <precision...>', 'in which models are held, and their answers verified')
        .choices(SERVED_PRECISIONS)
        .default(['fp32']),
    )
    .option('--state <folder>', 'scores and journal (default: ~/.starling/validators/<hotkey>/netuid<n>)')
    .option('--publish <folder>', 'files of settled rounds (default: rounds, in the --state folder)')
    .option('--publish.keep <n>', 'rounds whose files stay; older ones are deleted', positiveNumber, 500)
    .option('--dispute.port <n>', 'port at which referees are answered; none unless given', wholeNumber)
    .option('--dispute.ip <ip>', 'address of that port; 0.0.0.0 opens it to the network', '127.0.0.1')
    .option(
      '--config <file>',
      'JSON with { "round": …, "scoring": … } for numbers that differ from the defaults',
    )
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
