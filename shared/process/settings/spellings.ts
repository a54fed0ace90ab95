import type { Command, Option } from 'commander'
import { ALIASES } from './aliases.ts'

const BY_NAME = new Map([...ALIASES].map(([name, alias]) => [plainFlag(name), alias]))

/**
 * The same command line with every flag as it is declared: `--axon-port`, `--axon_port` and `--axon.port` are one flag, and
 * aliases are written out. What follows a bare `--`, and the values of flags, are left as they are.
 */
export function respell(command: Command, args: readonly string[]): string[] {
  const options = allOptions(command)
  const byFlag = new Map(options.map((option) => [plainFlag(option.long ?? ''), option]))
  const shorts = new Set(options.map(({ short }) => short))
  const result: string[] = []
  let isValue = false
  for (const [i, arg] of args.entries()) {
    if (arg === '--') return [...result, ...args.slice(i)]
    if (isValue || !/^-[-\w]/.test(arg)) {
      isValue = false
      result.push(arg)
      continue
    }
    const [name, value] = splitOnce(arg)
    const own = byFlag.get(plainFlag(name))
    const alias = own !== undefined || shorts.has(name) ? undefined : BY_NAME.get(plainFlag(name))
    const option = own ?? byFlag.get(plainFlag(alias?.flag ?? ''))
    const written = option?.long ?? name
    const given = value ?? (option === undefined ? undefined : alias?.value)
    result.push(given === undefined ? written : `${written}=${given}`)
    isValue = given === undefined && option?.required === true
  }
  return result
}

function splitOnce(arg: string): [string, string | undefined] {
  const at = arg.startsWith('--') ? arg.indexOf('=') : -1
  return at < 0 ? [arg, undefined] : [arg.slice(0, at), arg.slice(at + 1)]
}

/** `--axon.external_ip` → `--axon-external-ip`. */
function plainFlag(flag: string): string {
  return flag.startsWith('--') ? `--${flag.slice(2).replaceAll(/[._]/g, '-').toLowerCase()}` : flag
}

/** Those of the command and of everything below it. */
function allOptions(command: Command): Option[] {
  return [...command.options, ...command.commands.flatMap(allOptions)]
}
