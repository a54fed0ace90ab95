import { z } from 'zod'
import { minerSettings } from '../../miner/settings.ts'
import { operatorSettings } from '../../shared/process/operator-flags.ts'
import { aliasesOf } from '../../shared/process/settings/aliases.ts'
import type { Sections } from '../../shared/process/settings/config-file.ts'
import { type Setting, type SettingsSchema, settingsOf } from '../../shared/process/settings/setting.ts'
import { validatorSections, validatorSettings } from '../../validator/settings.ts'
import { INTRODUCTION } from './introduction.ts'

/** docs/configuration.md, from the schemas that the programs read. */
export function renderConfiguration(): string {
  const common = new Set(Object.keys(operatorSettings.shape))
  return [
    INTRODUCTION,
    '## Miner and validator',
    settingsTable(operatorSettings, new Set()),
    '## Miner',
    settingsTable(minerSettings, common),
    '## Validator',
    settingsTable(validatorSettings, common),
    ...sectionsOf(validatorSections),
  ].join('\n\n')
}

function settingsTable(schema: SettingsSchema, but: ReadonlySet<string>): string {
  const rows = settingsOf(schema)
    .filter(({ key }) => !but.has(key))
    .map((setting) => [flagCell(setting), defaultCell(setting), setting.about + extras(setting)])
  return table(['flag', 'default', 'meaning'], rows)
}

function flagCell(setting: Setting): string {
  const { flag, kind, value, key } = setting
  if (kind === 'boolean') return `\`${setting.default === true ? flag.replace('--', '--no-') : flag}\``
  return `\`${flag} <${value ?? key}>\``
}

function defaultCell({ kind, flag, default: value, defaultText }: Setting): string {
  if (kind === 'boolean' && value === true) return `\`${flag}\``
  const shown = defaultText ?? (Array.isArray(value) ? value.join(',') : value)
  return shown === undefined ? '' : `\`${shown}\``
}

/** Unit, choices, other names. */
function extras(setting: Setting): string {
  const { unit, choices, env = [], flag } = setting
  const notes = [
    ...(unit === undefined ? [] : [`in ${unit}`]),
    ...(choices === undefined ? [] : [`one of ${choices.join(', ')}`]),
    ...(env.length === 0 ? [] : [`also ${code(env)}`]),
    ...(aliasesOf(flag).length === 0 ? [] : [`alias ${code(aliasesOf(flag))}`]),
  ]
  return notes.length === 0 ? '' : ` (${notes.join('; ')})`
}

function sectionsOf(sections: Sections): string[] {
  return Object.entries(sections).flatMap(([name, schema]) => {
    const rows = Object.entries(schema.shape).map(([key, type]) => numberRow(key, type as z.ZodType))
    return [`## ${TITLES[name] ?? name}`, table(['key', 'default', 'allowed', 'meaning'], rows)]
  })
}

const TITLES: Readonly<Record<string, string>> = {
  round: 'Numbers of a round: `round` in the validator’s file',
  scoring: 'Numbers of scoring: `scoring` in the validator’s file',
}

function numberRow(key: string, type: z.ZodType): string[] {
  return [`\`${key}\``, `\`${type.parse(undefined)}\``, allowed(type), type.description ?? '']
}

/** The values that a type takes, from its JSON schema. */
function allowed(type: z.ZodType): string {
  const schema = z.toJSONSchema(type)
  if (schema.enum !== undefined) return schema.enum.join(', ')
  if (schema.type === 'boolean') return 'true, false'
  const { minimum, exclusiveMinimum, maximum } = schema
  const isWhole = schema.type === 'integer'
  const least = typeof exclusiveMinimum !== 'number' ? minimum : isWhole ? exclusiveMinimum + 1 : undefined
  const from = least ?? `above ${exclusiveMinimum}`
  const isOpen = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER
  const range = isOpen ? (least === undefined ? from : `${from} and up`) : `${from} to ${maximum}`
  return `${isWhole ? 'whole, ' : ''}${range}`
}

function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
