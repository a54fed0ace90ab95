import { z } from 'zod'
import { StarlingError } from '../../../process/errors.ts'

/** Hyperparameters of a genesis subnet, by name. */
export type GenesisHyperparameters = Readonly<Record<string, number | boolean>>

const whole = (least: number, most: number) => z.number().int().min(least).max(most)
const u16 = whole(0, 65_535)
const i16 = whole(-32_768, 32_767)
/** As far as JSON numbers are exact. */
const u64 = whole(0, Number.MAX_SAFE_INTEGER)
/** Subtensor's bounds: a fortieth at least. */
const alpha = whole(1_638, 65_535)

/**
 * What a file may set: the names of the runtime's genesis configuration, and what each takes. How values bound each other
 * (burn between minBurn and maxBurn, for example) is the runtime's to say.
 */
const schema = z
  .strictObject({
    tempo: u16,
    weightsRateLimit: u64,
    minAllowedWeights: u16,
    maxWeightLimit: u16,
    versionKey: u64,
    commitReveal: z.boolean(),
    revealPeriodEpochs: whole(1, 100),
    kappa: u16,
    immunityPeriod: u16,
    minNonImmuneUids: u16,
    activityCutoff: u16,
    maxAllowedUids: whole(1, 256),
    maxAllowedValidators: whole(0, 256),
    registrationAllowed: z.boolean(),
    servingRateLimit: u64,
    bondsMovingAverage: whole(0, 1_000_000),
    bondsPenalty: u16,
    yuma3: z.boolean(),
    liquidAlpha: z.boolean(),
    alphaLow: alpha,
    alphaHigh: alpha,
    alphaSigmoidSteepness: i16,
    minBurn: u64,
    maxBurn: u64,
    burn: u64,
  })
  .partial()

/** Names that a hyperparameter file may hold. */
export const HYPERPARAMETER_NAMES: readonly string[] = Object.keys(schema.shape)

/**
 * The hyperparameters in a JSON file, given its text.
 * Throws `DEVNET_HYPERPARAMETERS_INVALID`, naming every value that is wrong.
 */
export function parseHyperparameters(text: string, file: string): GenesisHyperparameters {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw invalid(`${file} is not JSON (${cause instanceof Error ? cause.message : cause})`)
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data as GenesisHyperparameters
  const problems = parsed.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `there is no hyperparameter ${issue.keys.join(' and no ')}`
      : [issue.path.join('.'), issue.message].filter((part) => part !== '').join(': '),
  )
  throw invalid(`${file}: ${problems.join('; ')}`)
}

/** A preset's configuration (JSON) with these hyperparameters on all of its subnets. */
export function withHyperparameters(config: string, values: GenesisHyperparameters, preset: string): string {
  if (Object.keys(values).length === 0) return config
  const json: unknown = JSON.parse(config)
  if (JSON.stringify(json) !== config) {
    throw new StarlingError('RUNTIME_INCOMPATIBLE', `preset ${preset} holds numbers that JavaScript cannot`)
  }
  const parsed = configSchema.parse(json)
  const { subnets } = parsed.subtensorModule
  if (subnets.length === 0) {
    throw invalid(
      `preset ${preset} has no subnet that could take hyperparameters`,
      'use a preset with a subnet',
    )
  }
  for (const subnet of subnets) subnet.hyperparameters = { ...subnet.hyperparameters, ...values }
  return JSON.stringify(parsed)
}

const configSchema = z.looseObject({
  subtensorModule: z.looseObject({
    subnets: z
      .array(z.looseObject({ hyperparameters: z.record(z.string(), z.unknown()).optional() }))
      .default([]),
  }),
})

function invalid(
  message: string,
  remedy = `the names are ${HYPERPARAMETER_NAMES.join(', ')}`,
): StarlingError {
  return new StarlingError('DEVNET_HYPERPARAMETERS_INVALID', message, remedy)
}
