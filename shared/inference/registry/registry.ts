import { z } from 'zod'
import { StarlingError } from '../../process/errors.ts'
import type { VerificationLevel } from '../engine.ts'
import { referenceSchema } from '../reference/reference-model.ts'

export const REGISTRY_FILE = 'registry.json'

/** The least level that validators of this version score: what a replay under the miner's own seed proves. */
export const SCORED_LEVEL: VerificationLevel = 2

const classSchema = z.strictObject({
  /** An execution class; a `*` at its end stands for any rest. */
  executionClass: z.string().regex(/^[\x21-\x29\x2b-\x7e]{1,63}\*?$/),
  /** The most that may be claimed for what this class computes. */
  level: z.literal([0, 1, 2, 3]),
})

const modelSchema = z.strictObject({
  name: z.string().regex(/^[\x21-\x7e]{1,64}$/),
  hash: z.string().regex(/^0x[0-9a-f]{64}$/),
  /** SPDX expression. */
  licence: z.string().min(1).max(100),
  classes: z.array(classSchema).min(1),
  /** Where the model lies, from the registry's own folder; absent where operators bring it themselves. */
  folder: z.string().min(1).optional(),
  /** Hex of SHA-256 over the whitening that sketches of its hidden states are made with; absent where it was never calibrated. */
  whitening: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** Hex of SHA-256 over the calibration that answers are hashed with by this model; absent where it hashes none. */
  similarity: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** What a referee needs to settle a dispute about an answer; absent where the model has no reference run. */
  reference: referenceSchema.optional(),
})

/** `models/registry.json`: the models that a subnet pays for, and in which classes. */
export const registrySchema = z.strictObject({
  format: z.literal('starling-registry/1'),
  models: z
    .array(modelSchema)
    .refine(
      (models) => new Set(models.map(({ hash }) => hash)).size === models.length,
      'a hash stands twice',
    ),
})

export type DeclaredModel = Readonly<z.infer<typeof modelSchema>>
export type Registry = Readonly<z.infer<typeof registrySchema>>

/**
 * The level at which a model counts in an execution class: that of the longest pattern that fits.
 * @param hash the model's, 0x and hex digits
 * @throws StarlingError MODEL_UNDECLARED, CLASS_UNDECLARED
 */
export function declaredLevel(registry: Registry, hash: string, executionClass: string): VerificationLevel {
  const model = registry.models.find((declared) => declared.hash === hash)
  if (model === undefined) {
    const names = registry.models.map(({ name }) => name).join(', ')
    throw new StarlingError(
      'MODEL_UNDECLARED',
      `the registry holds no model ${hash}`,
      `serve one of its models (${names}), at the weights that it names`,
    )
  }
  const [fitting] = model.classes
    .filter((declared) => fits(declared.executionClass, executionClass))
    .sort((a, b) => b.executionClass.length - a.executionClass.length)
  if (fitting !== undefined) return fitting.level
  const classes = model.classes.map((declared) => declared.executionClass).join(', ')
  throw new StarlingError(
    'CLASS_UNDECLARED',
    `the registry holds ${model.name}, but not in class ${executionClass}`,
    `serve it in one of ${classes}`,
  )
}

function fits(pattern: string, executionClass: string): boolean {
  return pattern.endsWith('*') ? executionClass.startsWith(pattern.slice(0, -1)) : executionClass === pattern
}
