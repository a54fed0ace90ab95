import { InvalidArgumentError } from 'commander'
import type { ConfigFile } from './config-file.ts'
import { checkText } from './from-text.ts'
import type { Setting } from './setting.ts'

/** Variables of the environment, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A value, and what it comes from, in words: `env BT_WALLET_NAME`, `file /etc/miner.json`. */
export interface Sourced {
  readonly value: unknown
  readonly source: string
}

/**
 * What stands in for a flag that was not given: the environment before the file; undefined leaves the default. A variable that is
 * set to nothing is not set.
 * @throws InvalidArgumentError where a variable holds no value of the setting
 */
export function withoutFlag(
  setting: Setting,
  env: Environment,
  file: ConfigFile | undefined,
): Sourced | undefined {
  const name = setting.variables.find((variable) => env[variable])
  if (name !== undefined) {
    const checked = checkText(setting, env[name]!)
    if ('problem' in checked) {
      throw new InvalidArgumentError(
        `environment variable ${name} (for ${setting.flag}) is invalid. ${checked.problem}`,
      )
    }
    return { value: checked.value, source: `env ${name}` }
  }
  if (!file?.values.has(setting.key)) return undefined
  return { value: file.values.get(setting.key), source: `file ${file.path}` }
}
