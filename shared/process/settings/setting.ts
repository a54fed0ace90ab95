import { z } from 'zod'

/** What a setting’s zod type does not say. */
export interface SettingFacts {
  /** What the value is called in help: `folder`, `n`, `url`. */
  readonly value?: string
  /** Environment variables of Bittensor’s SDK with the same meaning; STARLING_… goes before them. */
  readonly env?: readonly string[]
  /** How the default is shown, where it depends on the machine or on other settings. */
  readonly defaultText?: string
  readonly unit?: string
  /** `whole`: never shown. `url`: shown without what lets its bearer in. */
  readonly secret?: 'whole' | 'url'
}

/** Settings of one program: keys as in its flags and files, types as its code reads them. */
export type SettingsSchema = z.ZodObject<Readonly<Record<string, z.ZodType>>>

/** A setting as flags, environment, file, help and docs see it. */
export interface Setting extends SettingFacts {
  /** `axon.port`, `maxBatch`: what the program’s code reads. */
  readonly key: string
  readonly kind: 'text' | 'number' | 'boolean' | 'list'
  readonly type: z.ZodType
  readonly about: string
  /** `--axon.port`, `--max-batch`; without `no-` where the default is true. */
  readonly flag: string
  /** Variables that are read, the first that is set wins. */
  readonly variables: readonly string[]
  /** undefined where there is none. */
  readonly default: unknown
  readonly choices: readonly string[] | undefined
}

const FACTS = z.registry<SettingFacts>()

/** Says of a type what an operator has to know of the setting. */
export function setting<T extends z.ZodType>(type: T, about: string, facts: SettingFacts = {}): T {
  const described = type.describe(about)
  FACTS.add(described, facts)
  return described
}

/** The settings of a schema, in its order. */
export function settingsOf(schema: SettingsSchema): Setting[] {
  return Object.entries(schema.shape).map(([key, type]) => {
    const facts = FACTS.get(type) ?? {}
    const inner = unwrapped(type)
    const element = inner instanceof z.ZodArray ? inner.element : inner
    return {
      ...facts,
      key,
      kind: kindOf(inner),
      type,
      about: type.description ?? '',
      flag: `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      variables: [variableOf(key), ...(facts.env ?? [])],
      default: type instanceof z.ZodDefault ? type.parse(undefined) : undefined,
      choices: element instanceof z.ZodEnum ? element.options.map(String) : undefined,
    }
  })
}

/** `axon.external_ip` → STARLING_AXON_EXTERNAL_IP, `maxBatch` → STARLING_MAX_BATCH. */
export function variableOf(key: string): string {
  const words = key.replaceAll(/[A-Z]/g, '_$&').replaceAll(/[.-]/g, '_')
  return `STARLING_${words.toUpperCase()}`
}

function unwrapped(type: unknown): unknown {
  return type instanceof z.ZodDefault || type instanceof z.ZodExactOptional ? unwrapped(type.unwrap()) : type
}

function kindOf(type: unknown): Setting['kind'] {
  if (type instanceof z.ZodNumber) return 'number'
  if (type instanceof z.ZodBoolean) return 'boolean'
  return type instanceof z.ZodArray ? 'list' : 'text'
}
