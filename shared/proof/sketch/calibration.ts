import { z } from 'zod'
import { POSITIONS_PER_LEAF } from '../answer-root.ts'
import { type EvidenceParameters, POSITION_BUCKET } from '../evidence/parameters.ts'

export const CALIBRATION_FOLDER = 'calibration'
export const CALIBRATION_FILE = 'sketch.json'
export const WHITENING_FILE = 'whitening.f32.bin'

export const CALIBRATION_FORMAT = 'starling-sketch-calibration/2'

/** Honest error grows with the position, so thresholds are kept by stretches of this many. */
export const BUCKET_POSITIONS = POSITION_BUCKET

/**
 * Shares of honest openings that a threshold leaves out. An answer is judged by two leaves and by both together, so that of honest
 * answers at most 2 · 2.5e-5 + 5e-5 = 1e-4 are rejected, however the three depend on each other.
 */
export const LEAF_LEVEL = 2.5e-5
export const POOLED_LEVEL = 5e-5

// All distances here are natural logarithms of relative distances, see `logDistances`.
const bucketSchema = z.strictObject({
  /** First position of the sequence, prompt included, that belongs here; a leaf belongs where its first row stands. */
  from: z.int().min(0).multipleOf(BUCKET_POSITIONS),
  answers: z.int().min(1),
  leaves: z.int().min(1),
  rows: z.int().min(1),
  /** Over single rows. */
  mean: z.number(),
  variance: z.number().min(0),
  quantiles: z.strictObject({ p50: z.number(), p90: z.number(), p99: z.number(), p999: z.number() }),
  largest: z.number(),
  /** Largest mean of a leaf that counts as honest: of a leaf with one row, two, three, four. */
  thresholds: z.array(z.number()).length(POSITIONS_PER_LEAF),
})

const parametersSchema = z.strictObject({
  /** k, by stretch of 64 positions of the sequence. */
  references: z.array(z.number().min(0)).min(1).readonly(),
  /** h. */
  threshold: z.number().positive(),
  clip: z.number().positive(),
}) satisfies z.ZodType<EvidenceParameters>

/** How small differences are summed over many answers; a statistic is left out where no cheat stands out by it. */
const evidenceSchema = z.strictObject({
  /** Honest answers from one false alarm of a sum to the next, on average, or more. */
  answersPerAlarm: z.number().positive(),
  /** Of the replay, in logit units. */
  margin: parametersSchema.optional(),
  /** ln of how many times farther than its bucket's mean and the headroom a row lies. */
  sketch: parametersSchema.optional(),
})

const pairSchema = z.strictObject({
  /** Execution classes. */
  prover: z.string().min(1).max(64),
  verifier: z.string().min(1).max(64),
  /** Where it was measured: distances of other processors were not. */
  machine: z.string().max(200),
  prompts: z.int().min(1),
  seed: z.int(),
  /** That answers were sampled at: near ties, and so margins, are the rarer the higher it is. */
  temperature: z.number().positive(),
  /** Logit error between the two within which boundary flips of top-k and top-p are forgiven. */
  tolerance: z.number().positive(),
  /** ln of how many times farther apart rows of other processors may lie: part of the thresholds. */
  headroom: z.number().min(0),
  buckets: z.array(bucketSchema),
  /** Largest mean of two whole leaves, each less the mean of its bucket, that counts as honest. */
  pooled: z.number().optional(),
  evidence: evidenceSchema,
})

/** `calibration/sketch.json` in a model's folder. */
export const calibrationSchema = z.strictObject({
  format: z.literal(CALIBRATION_FORMAT),
  /** Hash of the model, 0x and 64 hex digits. */
  model: z.string().regex(/^0x[0-9a-f]{64}$/),
  whitening: z.strictObject({
    file: z.literal(WHITENING_FILE),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    width: z.int().min(1),
    /** That it was made from. */
    rows: z.int().min(1),
    ridge: z.number().positive(),
  }),
  pairs: z.array(pairSchema),
})

export type BucketCalibration = Readonly<z.infer<typeof bucketSchema>>
export type PairCalibration = Readonly<z.infer<typeof pairSchema>>
export type SketchCalibration = Readonly<z.infer<typeof calibrationSchema>>

/** Who computed, who checks, and with which model. */
export interface SketchPair {
  readonly prover: string
  readonly verifier: string
  readonly model: string
}

/** What was measured of a pair, or undefined: thresholds of one pair say nothing of another. */
export function calibrationOf(
  calibration: SketchCalibration | undefined,
  { prover, verifier, model }: SketchPair,
): PairCalibration | undefined {
  if (calibration?.model !== model) return undefined
  return calibration.pairs.find((pair) => pair.prover === prover && pair.verifier === verifier)
}

/** @param position in the sequence, prompt included, of a leaf's first row */
export function bucketOf(
  pair: Pick<PairCalibration, 'buckets'>,
  position: number,
): BucketCalibration | undefined {
  const from = position - (position % BUCKET_POSITIONS)
  return pair.buckets.find((bucket) => bucket.from === from)
}
