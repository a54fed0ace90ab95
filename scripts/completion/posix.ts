import { type CompletedCommand, type CompletedFlag, walkTree } from './tree.ts'

/**
 * A function that bash and zsh both read: `_starling_at PATH WORD` says what may stand in the command at PATH after WORD. It sets
 * `flags`, `commands`, `files` (yes or nothing), and, where WORD takes a value, `kind` and `values`.
 */
export function posixTable(tree: CompletedCommand): string {
  const branches = [...walkTree(tree)].map(({ path, command }) => branch(path, command))
  return [
    '_starling_at() {',
    "  flags='' commands='' files='' kind='' values=''",
    '  case $1 in',
    ...branches,
    '  esac',
    '}',
  ].join('\n')
}

function branch(path: string, { flags, commands, words, takesFiles }: CompletedCommand): string {
  const names = [...commands.map(({ name }) => name), ...words]
  const kinds = groupByKind(flags)
  return [
    `    '${path}')`,
    `      flags='${flags.map(({ flag }) => flag).join(' ')}'`,
    `      commands='${names.join(' ')}'`,
    ...(takesFiles ? ['      files=yes'] : []),
    ...(kinds.length === 0 ? [] : ['      case $2 in', ...kinds, '      esac']),
    '      ;;',
  ].join('\n')
}

/** A line for the flags of each kind of value: those that take the same are one pattern. */
function groupByKind(flags: readonly CompletedFlag[]): string[] {
  const groups = new Map<string, string[]>()
  for (const { flag, value } of flags) {
    if (value === 'none') continue
    const sets =
      typeof value === 'string' ? `kind=${value}` : `kind=choices values='${value.choices.join(' ')}'`
    groups.set(sets, [...(groups.get(sets) ?? []), flag])
  }
  return [...groups].map(([sets, names]) => `        ${names.join('|')}) ${sets} ;;`)
}
