import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { StarlingError } from '../shared/process/errors.ts'
import { type RoundConfig, roundConfigSchema } from './config.ts'
import { type ScoringConfig, scoringConfigSchema } from './scoring/config.ts'

export interface ValidatorConfig {
  readonly round: RoundConfig
  readonly scoring: ScoringConfig
}

const schema = z.strictObject({
  round: roundConfigSchema.prefault({}),
  scoring: scoringConfigSchema.prefault({}),
})

/** The validator's numbers: defaults, overridden by the file. @throws StarlingError CONFIG_UNREADABLE, CONFIG_INVALID */
export function loadConfig(path: string | undefined): ValidatorConfig {
  if (path === undefined) return schema.parse({})
  const parsed = schema.safeParse(readJson(path))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw new StarlingError(
    'CONFIG_INVALID',
    `${path}: ${issue.path.join('.') || 'the file'}: ${issue.message}`,
    'validator/config.ts and validator/scoring/config.ts describe every number',
  )
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new StarlingError(
      'CONFIG_UNREADABLE',
      `cannot read ${path}: ${String(error)}`,
      'give a JSON file to --config',
    )
  }
}
