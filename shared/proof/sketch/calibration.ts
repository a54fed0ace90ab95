import { z } from 'zod'
import { POSITIONS_PER_LEAF } from '../answer-root.ts'

export const CALIBRATION_FOLDER = 'calibration'
export const CALIBRATION_FILE = 'sketch.json'
export const WHITENING_FILE = 'whitening.f32.bin'

/** Honest error grows with the position, so thresholds are kept by stretches of this many. */
export const BUCKET_POSITIONS = 64

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

const pairSchema = z.strictObject({
  /** Execution classes. */
  prover: z.string().min(1).max(64),
  verifier: z.string().min(1).max(64),
  /** Where it was measured: distances of other processors were not. */
  machine: z.string().max(200),
  prompts: z.int().min(1),
  seed: z.int(),
  buckets: z.array(bucketSchema),
  /** Largest mean of two whole leaves, each less the mean of its bucket, that counts as honest. */
  pooled: z.number().optional(),
})

/** `calibration/sketch.json` in a model's folder. */
export const calibrationSchema = z.strictObject({
  format: z.literal('starling-sketch-calibration/1'),
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
export function bucketOf(pair: PairCalibration, position: number): BucketCalibration | undefined {
  const from = position - (position % BUCKET_POSITIONS)
  return pair.buckets.find((bucket) => bucket.from === from)
}
