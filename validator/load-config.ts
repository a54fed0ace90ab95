import { z } from 'zod'
import { readConfigFile } from '../shared/process/settings/config-file.ts'
import { settingsOf } from '../shared/process/settings/setting.ts'
import type { RoundConfig } from './config.ts'
import type { ScoringConfig } from './scoring/config.ts'
import { validatorSections, validatorSettings } from './settings.ts'

export interface ValidatorConfig {
  readonly round: RoundConfig
  readonly scoring: ScoringConfig
}

const schema = z.strictObject({
  round: validatorSections.round.prefault({}),
  scoring: validatorSections.scoring.prefault({}),
})

/** The validator's numbers: defaults, overridden by the file. @throws StarlingError CONFIG_UNREADABLE, CONFIG_INVALID */
export function loadConfig(path: string | undefined): ValidatorConfig {
  if (path === undefined) return schema.parse({})
  const file = readConfigFile(path, settingsOf(validatorSettings), validatorSections)
  return schema.parse(Object.fromEntries(file.sections))
}
