import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { StarlingError } from '../errors.ts'
import { checkText, checkValue } from './from-text.ts'
import { nearest } from './nearest.ts'
import type { Setting } from './setting.ts'

/** Named parts of a file that hold numbers of the subnet’s rules, and are no settings. */
export type Sections = Readonly<Record<string, z.ZodObject>>

/** What a configuration file says. */
export interface ConfigFile {
  readonly path: string
  /** By key of the setting. */
  readonly values: ReadonlyMap<string, unknown>
  /** By name of the section, as it stands in the file. */
  readonly sections: ReadonlyMap<string, unknown>
}

/** The key that names the file itself, and so can’t stand in one. */
export const CONFIG_KEY = 'config'

/**
 * Reads a JSON file of settings: `{ "axon": { "port": 1 } }` and `{ "axon.port": 1 }` are the same.
 * @throws StarlingError CONFIG_UNREADABLE, CONFIG_INVALID
 */
export function readConfigFile(
  path: string,
  settings: readonly Setting[],
  sections: Sections,
  readText: (path: string) => string = (file) => readFileSync(file, 'utf8'),
): ConfigFile {
  return parseConfig(path, readJson(path, readText), settings, sections)
}

/** As `readConfigFile`, of what was read. @throws StarlingError CONFIG_INVALID */
export function parseConfig(
  path: string,
  json: unknown,
  settings: readonly Setting[],
  sections: Sections,
): ConfigFile {
  if (!isObject(json)) throw invalid(path, 'it is not a JSON object', 'begin it with { and end it with }')
  const allowed = settings.filter(({ key }) => key !== CONFIG_KEY)
  const byName = new Map(allowed.map((setting) => [plainKey(setting.key), setting]))
  const values = new Map<string, unknown>()
  const foundSections = new Map<string, unknown>()
  for (const [key, value] of Object.entries(json)) {
    const section = Object.hasOwn(sections, key) ? sections[key] : undefined
    if (section !== undefined) {
      checkSection(path, key, section, value)
      foundSections.set(key, value)
      continue
    }
    for (const [name, leaf] of leaves(key, value)) {
      const setting = byName.get(plainKey(name))
      if (setting === undefined) throw unknownKey(path, name, [...keysOf(allowed), ...Object.keys(sections)])
      if (values.has(setting.key)) throw invalid(path, `${setting.key} is there twice`, 'keep one of them')
      // Of a list with one entry, or with commas.
      const isText = setting.kind === 'list' && typeof leaf === 'string'
      const checked = isText ? checkText(setting, leaf) : checkValue(setting, leaf)
      if ('problem' in checked) throw invalid(path, `${setting.key}: ${checked.problem}`, help(setting))
      values.set(setting.key, checked.value)
    }
  }
  return { path, values, sections: foundSections }
}

function checkSection(path: string, name: string, schema: z.ZodObject, value: unknown): void {
  const result = schema.safeParse(value)
  if (result.success) return
  const issue = result.error.issues[0]!
  if (issue.code === 'unrecognized_keys') {
    throw unknownKey(path, issue.keys[0]!, Object.keys(schema.shape), name)
  }
  const where = [name, ...issue.path].join('.')
  throw invalid(path, `${where}: ${issue.message}`, 'docs/configuration.md describes every number')
}

function unknownKey(path: string, key: string, known: readonly string[], section?: string): StarlingError {
  const prefix = section === undefined ? '' : `${section}.`
  const near = nearest(key, known)
  const remedy =
    near === undefined ? 'docs/configuration.md lists what there is' : `did you mean ${prefix}${near}?`
  return invalid(path, `${prefix}${key} is not known`, remedy)
}

function* leaves(key: string, value: unknown): Generator<[string, unknown]> {
  if (!isObject(value)) yield [key, value]
  else for (const [name, inner] of Object.entries(value)) yield* leaves(`${key}.${name}`, inner)
}

/** Files may spell keys as flags are spelled: `max-batch` is `maxBatch`. */
function plainKey(key: string): string {
  return key
    .replaceAll(/[A-Z]/g, '-$&')
    .replaceAll(/[._-]+/g, '-')
    .toLowerCase()
}

function keysOf(settings: readonly Setting[]): string[] {
  return settings.map(({ key }) => key)
}

function help({ choices, about }: Setting): string {
  return choices === undefined ? `it is the ${about}` : `give one of ${choices.join(', ')}`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(path: string, problem: string, remedy: string): StarlingError {
  return new StarlingError('CONFIG_INVALID', `${path}: ${problem}`, remedy)
}

function readJson(path: string, readText: (path: string) => string): unknown {
  try {
    return JSON.parse(readText(path))
  } catch (cause) {
    const message = `cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`
    throw new StarlingError('CONFIG_UNREADABLE', message, 'give a JSON file to --config', { cause })
  }
}
