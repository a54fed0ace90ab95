import { z } from 'zod'
import { StarlingError } from '../../../process/errors.ts'

/** Hyperparameters of a genesis subnet, by name. */
export type GenesisHyperparameters = Readonly<Record<string, number | boolean>>

const u16 = z.number().int().min(0).max(65_535)
const u64 = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

/** What a file may set: the names of the runtime's genesis configuration, and what each takes. */
const schema = z
  .strictObject({
    tempo: u16,
    weightsRateLimit: u64,
    minAllowedWeights: u16,
    maxWeightLimit: u16,
    versionKey: u64,
    commitReveal: z.boolean(),
    revealPeriodEpochs: z.number().int().min(1).max(100),
    kappa: u16,
    immunityPeriod: u16,
    activityCutoff: u16,
    maxAllowedUids: u16,
    maxAllowedValidators: u16,
    servingRateLimit: u64,
    bondsMovingAverage: z.number().int().min(0).max(1_000_000),
    bondsPenalty: u16,
    yuma3: z.boolean(),
    liquidAlpha: z.boolean(),
    alphaLow: u16,
    alphaHigh: u16,
    alphaSigmoidSteepness: u16,
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
  const parsed = configSchema.parse(JSON.parse(config))
  if (JSON.stringify(parsed) !== config) {
    throw new StarlingError('RUNTIME_INCOMPATIBLE', `preset ${preset} holds numbers that JavaScript cannot`)
  }
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
