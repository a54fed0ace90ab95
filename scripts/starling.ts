import { Command } from 'commander'
import { runCli } from '../shared/process/cli.ts'
import { PROGRAMS } from './starling/programs.ts'

const [first, second] = process.argv.slice(2)
const isHelp = first === 'help' && second !== undefined
const named = PROGRAMS.find(({ name }) => name === (isHelp ? second : first))

if (named === undefined) {
  await runCli(listing(), process.argv)
} else {
  const command = (await named.load()).name(`starling ${named.name}`)
  const args = isHelp ? ['--help'] : process.argv.slice(3)
  await runCli(command, [...process.argv.slice(0, 2), ...args])
}

/** Says what there is; never runs any of it. */
function listing(): Command {
  const command = new Command('starling').description('A subnet for verified inference, and its tools.')
  for (const { name, description } of PROGRAMS) command.command(name).description(description)
  return command.addHelpText('after', '\nstarling COMMAND --help describes the flags of each.')
}
