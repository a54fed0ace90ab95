import type { Command, Option } from 'commander'

/** What can follow a flag; `none` where it takes no value. */
export type ValueKind = 'none' | 'file' | 'folder' | 'other' | { readonly choices: readonly string[] }

export interface CompletedFlag {
  readonly flag: string
  readonly description: string
  readonly value: ValueKind
}

/** A command as a shell completes it. */
export interface CompletedCommand {
  readonly name: string
  readonly description: string
  /** Its own, and those of the commands above it, which it takes as well. */
  readonly flags: readonly CompletedFlag[]
  readonly commands: readonly CompletedCommand[]
  /** Words that its first argument may be. */
  readonly words: readonly string[]
  /** Whether an argument is a file. */
  readonly takesFiles: boolean
}

/** The tree of a command and of what is below it, without what help hides. */
export function completionTree(
  command: Command,
  name: string,
  inherited: readonly CompletedFlag[] = [],
): CompletedCommand {
  const help: CompletedFlag = { flag: '--help', description: 'display help for command', value: 'none' }
  const flags = [...command.options.filter(({ hidden }) => !hidden).map(completedFlag), ...inherited]
  const { registeredArguments: args } = command
  return {
    name,
    description: command.description(),
    flags: [...flags, help].filter(({ flag }, i, all) => all.findIndex((other) => other.flag === flag) === i),
    commands: command.commands.map((child) => completionTree(child, child.name(), flags)),
    words: args[0]?.argChoices ?? [],
    takesFiles: args.some((argument) => FILES.test(argument.name())),
  }
}

/** Arguments whose names say that they are files. */
const FILES = /^(file|round|case|record)$/

function completedFlag({ long, flags, description, argChoices, required }: Option): CompletedFlag {
  const placeholder = /<([^>.]+)/.exec(flags)?.[1]
  const named = placeholder === 'file' || placeholder === 'folder' ? placeholder : 'other'
  const value = !required ? 'none' : argChoices === undefined ? named : { choices: argChoices }
  return { flag: long ?? flags, description, value }
}

/** Every command of the tree with its path: `starling miner explain`. */
export function* walkTree(
  command: CompletedCommand,
  path: string = command.name,
): Generator<{ readonly path: string; readonly command: CompletedCommand }> {
  yield { path, command }
  for (const child of command.commands) yield* walkTree(child, `${path} ${child.name}`)
}
