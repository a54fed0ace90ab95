import { Argument, Command } from 'commander'
import { terminalStep } from '../../shared/process/step.ts'
import { SUITES } from '../bench/registry.ts'
import { PROGRAMS, type Program } from '../starling/programs.ts'
import { bashScript } from './bash.ts'
import { fishScript } from './fish.ts'
import { type CompletedCommand, completionTree } from './tree.ts'
import { zshScript } from './zsh.ts'

const SHELLS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const
export type Shell = keyof typeof SHELLS

const HELP = `
Once, into a file that the shell reads by itself:
  starling completion bash > ~/.local/share/bash-completion/completions/starling
  starling completion zsh > ~/.zfunc/_starling     (with fpath+=~/.zfunc before compinit)
  starling completion fish > ~/.config/fish/completions/starling.fish
Again after an update: flags may have come or gone.`

/** `starling completion SHELL`. */
export function completionCommand(): Command {
  return new Command('completion')
    .description('Prints a script with which a shell completes commands, flags and their values.')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SHELLS)))
    .addHelpText('after', HELP)
    .action(async (shell: Shell) => {
      const tree = await terminalStep()('reading the commands', () => starlingTree())
      process.stdout.write(`${SHELLS[shell](tree)}\n`)
    })
}

/** All that `starling` can be followed by. */
export async function starlingTree(programs: readonly Program[] = PROGRAMS): Promise<CompletedCommand> {
  const commands = await Promise.all(programs.map(treeOf))
  const flags = ['--help', '--version'].map((flag) => {
    return {
      flag,
      description: flag === '--help' ? 'list the commands' : 'print the version',
      value: 'none',
    } as const
  })
  return {
    ...{ name: 'starling', description: 'Starling', takesFiles: false, words: [] },
    ...{ flags, commands: [...commands] },
  }
}

async function treeOf({ name, description, load }: Program): Promise<CompletedCommand> {
  const tree = { ...completionTree(await load(), name), description }
  return name === 'bench' ? { ...tree, words: SUITES.map((suite) => suite.name) } : tree
}
