import { type Command, InvalidArgumentError, Option } from 'commander'
import { CONFIG_KEY, readConfigFile, type Sections } from './config-file.ts'
import { checkText } from './from-text.ts'
import { type Environment, withoutFlag } from './resolve.ts'
import { type Setting, type SettingsSchema, settingsOf } from './setting.ts'

/** What settings are read from besides the command line. */
export interface SettingsEdge {
  readonly env?: Environment
  readonly readText?: (path: string) => string
  readonly sections?: Sections
}

/** Commander’s name for what stood on the command line. */
export const FROM_FLAG = 'cli'

const NOTE = `
Settings have variables, too: STARLING_WALLET_NAME is --wallet.name. Dots, dashes and underscores in flags are alike.
See docs/configuration.md.`

/**
 * Gives a command a flag for each setting. Before its action runs, and those of its subcommands, settings without a flag are taken
 * from the environment, then from the file that `--config` names.
 *
 * The command’s options then hold every value, and `getOptionValueSource` what it comes from.
 */
export function addSettings(
  command: Command,
  schema: SettingsSchema,
  { env = process.env, sections = {}, readText }: SettingsEdge = {},
): Command {
  const settings = settingsOf(schema)
  for (const setting of settings) for (const option of optionsOf(setting)) command.addOption(option)
  command.addHelpText('after', NOTE)
  return command.hook('preAction', () => {
    const isGiven = ({ key }: Setting) => command.getOptionValueSource(key) === FROM_FLAG
    const take = (setting: Setting, file?: ReturnType<typeof readConfigFile>) => {
      if (isGiven(setting)) return
      const found = withoutFlag(setting, env, file)
      if (found !== undefined) command.setOptionValueWithSource(setting.key, found.value, found.source)
    }
    const config = settings.find(({ key }) => key === CONFIG_KEY)
    if (config !== undefined) take(config)
    const path: unknown = command.getOptionValue(CONFIG_KEY)
    const file = typeof path === 'string' ? readConfigFile(path, settings, sections, readText) : undefined
    for (const setting of settings) if (setting !== config) take(setting, file)
  })
}

/** A switch has its opposite, so that a flag can overrule what stands in the environment or a file. */
function optionsOf(setting: Setting): Option[] {
  const { flag, kind, choices, key } = setting
  const about = described(setting)
  if (kind === 'boolean') {
    const off = flag.replace(/^--/, '--no-')
    const on = new Option(flag, about).default(setting.default)
    return setting.default === true
      ? [on.hideHelp(), new Option(off, about)]
      : [on, new Option(off, about).hideHelp()]
  }
  const value = setting.value ?? key
  const option = new Option(`${flag} <${value}>`, about)
  if (setting.default !== undefined) option.default(setting.default, setting.defaultText)
  // Before the parser of our own: choices bring theirs.
  if (choices !== undefined) option.choices(choices)
  return [option.argParser((text: string, before: unknown) => parse(setting, text, before))]
}

function parse(setting: Setting, text: string, before: unknown): unknown {
  const checked = checkText(setting, text)
  if ('problem' in checked) throw new InvalidArgumentError(checked.problem)
  const isRepeated = setting.kind === 'list' && Array.isArray(before) && before !== setting.default
  return isRepeated ? [...before, ...(checked.value as unknown[])] : checked.value
}

/** The variables of other tools, which an operator may have set already; ours follow from the flags. */
function described(setting: Setting): string {
  const { about, env = [], defaultText } = setting
  const notes = [
    ...(env.length === 0 ? [] : [`env: ${env.join(', ')}`]),
    // Commander shows defaults that are values.
    ...(setting.default === undefined && defaultText !== undefined ? [`default: ${defaultText}`] : []),
  ]
  return notes.length === 0 ? about : `${about} (${notes.join('; ')})`
}
