import type { Command } from 'commander'
import { FROM_FLAG } from './add-settings.ts'
import type { ConfigFile, Sections } from './config-file.ts'
import { hideSecret } from './hide-secret.ts'
import { nearest } from './nearest.ts'
import type { Environment } from './resolve.ts'
import type { Setting } from './setting.ts'

/** One line of `config show`. */
export interface ReportRow {
  readonly key: string
  /** null where nothing is set; secrets are hidden. */
  readonly value: unknown
  /** `flag --axon.port`, `env BT_AXON_PORT`, `file /etc/miner.json` or `default`. */
  readonly source: string
  /** What the program takes where nothing is set, in words. */
  readonly note?: string
}

/** What the settings of a command hold, after its command line was read. */
export function reportSettings(command: Command, settings: readonly Setting[]): ReportRow[] {
  return settings.map((setting) => {
    const { key, flag, defaultText } = setting
    const value = hideSecret(setting, command.getOptionValue(key)) ?? null
    const from = command.getOptionValueSource(key) ?? 'default'
    const source = from === FROM_FLAG ? `flag ${flag}` : from
    return { key, value, source, ...(value === null && defaultText !== undefined && { note: defaultText }) }
  })
}

/** Every number of a file’s sections, and of those that it lacks. */
export function reportSections(sections: Sections, file: ConfigFile | undefined): ReportRow[] {
  return Object.entries(sections).flatMap(([name, schema]) => {
    const given = (file?.sections.get(name) ?? {}) as Readonly<Record<string, unknown>>
    const all = schema.parse(given)
    return Object.keys(schema.shape).map((key) => ({
      key: `${name}.${key}`,
      value: all[key] ?? null,
      source: file !== undefined && Object.hasOwn(given, key) ? `file ${file.path}` : 'default',
    }))
  })
}

/** A line for each variable that looks like one of ours, and is none. */
export function strayVariables(settings: readonly Setting[], env: Environment): string[] {
  const known = settings.flatMap(({ variables }) => variables)
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .flatMap((name) => {
      const own = known.filter((other) => other.startsWith(PREFIX)).map((other) => other.slice(PREFIX.length))
      const near = nearest(name.slice(PREFIX.length), own)
      return near === undefined ? [] : [`${name} is set and means nothing; did you mean ${PREFIX}${near}?`]
    })
}

const PREFIX = 'STARLING_'

/** The rows for a terminal. */
export function renderReport(rows: readonly ReportRow[]): string {
  const cells = rows.map(({ key, value, source, note }) => [key, shown(value, note), source] as const)
  const [first, second] = ([0, 1] as const).map((column) => {
    return Math.max(...cells.map((row) => row[column].length))
  })
  return cells
    .map(([key, value, source]) => `${key.padEnd(first!)}  ${value.padEnd(second!)}  ${source}`)
    .join('\n')
}

function shown(value: unknown, note: string | undefined): string {
  if (value === null) return note === undefined ? '–' : `– (${note})`
  return Array.isArray(value) ? value.join(',') : String(value)
}
