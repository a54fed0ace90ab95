import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Architecture } from './architecture.ts'

export const MANIFEST_FILE = 'model.json'
export const WEIGHTS_FILE = 'weights.f16.bin'

export const architectureSchema = z.strictObject({
  vocabularySize: z.int().min(2),
  contextLength: z.int().min(16).max(32_768),
  width: z.int().min(8),
  layers: z.int().min(1),
  heads: z.int().min(1),
  kvHeads: z.int().min(1),
  feedForward: z.int().min(8),
  ropeBase: z.number().positive(),
  normEpsilon: z.number().positive(),
})

/** How the weights came about; with the seed and the steps they can be made again on the same machine. */
const trainingSchema = z.strictObject({
  seed: z.int(),
  steps: z.int(),
  phases: z.array(
    z.strictObject({
      share: z.number(),
      mix: z.strictObject({
        prose: z.number(),
        chat: z.number(),
        judge: z.number(),
        bare: z.number(),
        emphasis: z.record(z.string(), z.number()).optional(),
      }),
      batch: z.int(),
      sequence: z.int(),
    }),
  ),
  peakLearningRate: z.number(),
  warmup: z.int(),
  threads: z.int(),
  tokens: z.int(),
  minutes: z.number(),
  finalLoss: z.number(),
})

export const manifestSchema = z.strictObject({
  format: z.literal('starling-model/1'),
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/),
  tokenizer: z.literal('bytes/1'),
  architecture: architectureSchema,
  weights: z.strictObject({ file: z.literal(WEIGHTS_FILE), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  hash: z.string().regex(/^0x[0-9a-f]{64}$/),
  training: trainingSchema.optional(),
})

export type TrainingRecord = Readonly<z.infer<typeof trainingSchema>>
export type Manifest = Readonly<z.infer<typeof manifestSchema>>

/** The name of a model among peers: 0x and SHA-256 of the canonical architecture, a newline, and the weights file. */
export function modelHash(architecture: Architecture, weightsFile: Uint8Array): string {
  const hash = createHash('sha256')
    .update(canonicalArchitecture(architecture))
    .update('\n')
    .update(weightsFile)
  return `0x${hash.digest('hex')}`
}

/** One line of JSON with the keys in the schema's order: the bytes that the model hash covers. */
export function canonicalArchitecture(architecture: Architecture): string {
  const keys = Object.keys(architectureSchema.shape) as (keyof Architecture)[]
  return JSON.stringify(Object.fromEntries(keys.map((key) => [key, architecture[key]])))
}
