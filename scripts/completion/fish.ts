import { type CompletedCommand, type CompletedFlag, walkTree } from './tree.ts'

/** A completion script for fish. */
export function fishScript(tree: CompletedCommand): string {
  const lines = [...walkTree(tree)].flatMap(({ path, command }) => {
    const where = `-c ${tree.name} -n ${quoted(condition(path, command))}`
    return [
      ...(command.takesFiles ? [`complete ${where} -F`] : []),
      ...command.commands.map(
        ({ name, description }) => `complete ${where} -f -a ${name} -d ${quoted(description)}`,
      ),
      ...command.words.map((word) => `complete ${where} -f -a ${quoted(word)}`),
      ...command.flags.map((flag) => `complete ${where} ${flagOf(flag)}`),
    ]
  })
  return [`# fish completion of ${tree.name}`, `complete -c ${tree.name} -f`, ...lines].join('\n')
}

/** Every command of the path is there, and none that is below it. */
function condition(path: string, { commands }: CompletedCommand): string {
  const seen = path
    .split(' ')
    .slice(1)
    .map((name) => `__fish_seen_subcommand_from ${name}`)
  const below = commands.map(({ name }) => name).join(' ')
  return [...seen, ...(below === '' ? [] : [`not __fish_seen_subcommand_from ${below}`])].join('; and ')
}

function flagOf({ flag, description, value }: CompletedFlag): string {
  const name = `-l ${flag.replace(/^--/, '')} -d ${quoted(description)}`
  if (value === 'none') return name
  if (value === 'file') return `${name} -r -F`
  if (value === 'folder') return `${name} -x -a '(__fish_complete_directories)'`
  return value === 'other' ? `${name} -x` : `${name} -x -a ${quoted(value.choices.join(' '))}`
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
