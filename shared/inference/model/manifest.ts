import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Architecture, architectureSchema, canonicalArchitecture } from './architecture.ts'

export const MANIFEST_FILE = 'model.json'
export const WEIGHTS_FILE = 'weights.f16.bin'

/** How the weights came about; with the seed and the steps they can be made again on the same machine. */
const trainingSchema = z.strictObject({
  seed: z.int(),
  steps: z.int(),
  batch: z.int(),
  sequence: z.int(),
  peakLearningRate: z.number(),
  warmup: z.int(),
  proseShare: z.number(),
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

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
