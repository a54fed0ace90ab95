import { type RoundConfig, roundConfigSchema } from '../../../../validator/config.ts'

/** Of a subnet that tunes nothing. */
export const defaultRoundConfig: RoundConfig = roundConfigSchema.parse({})
