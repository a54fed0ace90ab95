import { below, type Random } from '../../shared/inference/random.ts'
import { POSITIONS_PER_LEAF } from '../../shared/proof/answer-root.ts'
import {
  BUCKET_POSITIONS,
  type BucketCalibration,
  LEAF_LEVEL,
  POOLED_LEVEL,
} from '../../shared/proof/sketch/calibration.ts'
import { OPENED_LEAVES } from '../../shared/proof/sketch/opening.ts'
import { mean } from '../../shared/proof/sketch/sketch.ts'
import { type AnswerDistances, type LeafDistances, leavesOf } from './measure.ts'
import { meanAndVariance, quantile } from './statistics.ts'
import { LEAST_SAMPLE, type LeafMean, tailThreshold } from './tail.ts'

/**
 * No threshold is lower: ln of 16 rounding units of float32. Where a sample shows no difference at all, another processor's order of
 * summation may still make one, and no cheat worth its while comes so near.
 */
export const LEAST_THRESHOLD = Math.log(2 ** -20)

/**
 * Thresholds are four times as wide as the measured processor asks for: the kernels of another add up in another order, and how
 * much that makes is not known before it is measured. Weights rounded to bf16 lie a hundred times further off.
 */
export const OTHER_PROCESSORS = Math.log(4)

/**
 * Two roundings that share nothing differ by √2 of what one of them makes: how far honest rows can lie apart at most, seen from rows
 * of which one side was not rounded.
 */
export const BOTH_ROUNDED = Math.log(Math.SQRT2)

/** What thresholds are taken from besides honest answers. */
export interface Bounds {
  /** ln of how many times farther apart rows of other processors may lie; contained in what `unrounded` bounds. */
  readonly headroom: number
  /**
   * Answers of the same weights by a prover that doesn't round its activations. Where honest rows are nearly equal, but for a few whose
   * rounding flipped, the honest tail can't be extrapolated; but it ends where every rounding has flipped, on whatever processor.
   */
  readonly unrounded?: readonly AnswerDistances[]
}

/**
 * The bounds of a class that rounds its activations. How many roundings flip depends on the processor, and on a large model nearly
 * all do where sums are taken in another order; how far a row moves when all have flipped does not.
 */
export function flippedBounds(
  honest: readonly AnswerDistances[],
  unrounded: readonly AnswerDistances[],
): Bounds {
  const usual = (answers: readonly AnswerDistances[]) =>
    meanAndVariance(Float64Array.from(answers.flatMap(({ rows }) => [...rows]))).mean
  return { headroom: fixed(Math.max(0, usual(unrounded) + BOTH_ROUNDED - usual(honest))), unrounded }
}

/** What the honest answers say of each stretch of positions; stretches with too few leaves to say anything are left out. */
export function calibrateBuckets(
  answers: readonly AnswerDistances[],
  bounds: Bounds = { headroom: OTHER_PROCESSORS },
): BucketCalibration[] {
  const sizes = Array.from({ length: POSITIONS_PER_LEAF }, (_, rows) => rows + 1)
  const bySize = sizes.map((rows) => byBucket(leavesOf(answers, rows)))
  const { unrounded } = bounds
  const bounding = unrounded && sizes.map((rows) => byBucket(leavesOf(unrounded, rows)))
  const whole = bySize.at(-1)!
  return [...whole.keys()]
    .sort((a, b) => a - b)
    .filter((from) =>
      [...bySize, ...(bounding ?? [])].every((leaves) => (leaves.get(from)?.length ?? 0) >= LEAST_SAMPLE),
    )
    .map((from) => {
      const leaves = whole.get(from)!
      const rows = Float64Array.from(leaves.flatMap((leaf) => [...leaf.rows])).sort()
      const stats = meanAndVariance(rows)
      return {
        from,
        answers: new Set(leaves.map(({ answer }) => answer)).size,
        leaves: leaves.length,
        rows: rows.length,
        mean: fixed(stats.mean),
        variance: fixed(stats.variance),
        quantiles: {
          p50: fixed(quantile(rows, 0.5)),
          p90: fixed(quantile(rows, 0.9)),
          p99: fixed(quantile(rows, 0.99)),
          p999: fixed(quantile(rows, 0.999)),
        },
        largest: fixed(rows.at(-1)!),
        thresholds: bySize.map((leaves, size) =>
          threshold(leafMeans(leaves.get(from)!), bounding && leafMeans(bounding[size]!.get(from)!), bounds),
        ),
      }
    })
}

/** Pairs of leaves that are drawn of an answer: the beacon opens any two. */
const PAIRS = 64

/** What two whole leaves of an honest answer, less the means of their buckets, keep below together. */
export function calibratePooled(
  random: Random,
  answers: readonly AnswerDistances[],
  buckets: readonly BucketCalibration[],
  bounds: Bounds = { headroom: OTHER_PROCESSORS },
): number | undefined {
  const pairs = pairsOf(random, answers, buckets)
  const bounding = bounds.unrounded && pairsOf(random, bounds.unrounded, buckets)
  if (Math.min(pairs.length, bounding?.length ?? LEAST_SAMPLE) < LEAST_SAMPLE) return undefined
  // The floor of a leaf, over the lowest mean that a bucket has.
  const least = LEAST_THRESHOLD - Math.min(...buckets.map((bucket) => bucket.mean))
  return fixed(honestBound(pairs, bounding, { level: POOLED_LEVEL, least, bounds }))
}

/** Means over two leaves of one answer, drawn as a beacon may. */
function pairsOf(
  random: Random,
  answers: readonly AnswerDistances[],
  buckets: readonly BucketCalibration[],
): LeafMean[] {
  const pairs: LeafMean[] = []
  for (const [answer, distances] of answers.entries()) {
    const excesses = leavesOf([distances], POSITIONS_PER_LEAF).flatMap(({ position, rows }) => {
      const bucket = buckets.find(({ from }) => from === firstOf(position))
      return bucket === undefined ? [] : [mean(rows) - bucket.mean]
    })
    if (excesses.length < OPENED_LEAVES) continue
    for (let pair = 0; pair < PAIRS; pair++) {
      const a = below(random, excesses.length)
      const b = (a + 1 + below(random, excesses.length - 1)) % excesses.length
      pairs.push({ answer, value: (excesses[a]! + excesses[b]!) / 2 })
    }
  }
  return pairs
}

function threshold(
  honest: readonly LeafMean[],
  unrounded: readonly LeafMean[] | undefined,
  bounds: Bounds,
): number {
  return fixed(honestBound(honest, unrounded, { level: LEAF_LEVEL, least: LEAST_THRESHOLD, bounds }))
}

/** What all but a share `level` of honest means keep below; never below the largest one seen. */
function honestBound(
  honest: readonly LeafMean[],
  unrounded: readonly LeafMean[] | undefined,
  { level, least, bounds }: { readonly level: number; readonly least: number; readonly bounds: Bounds },
): number {
  if (unrounded === undefined) return Math.max(least, tailThreshold(honest, level)) + bounds.headroom
  const largest = honest.reduce((most, { value }) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  return Math.max(least, largest, tailThreshold(unrounded, level) + BOTH_ROUNDED)
}

function leafMeans(leaves: readonly LeafDistances[]): LeafMean[] {
  return leaves.map(({ answer, rows }) => ({ answer, value: mean(rows) }))
}

function byBucket(leaves: readonly LeafDistances[]): Map<number, LeafDistances[]> {
  const buckets = new Map<number, LeafDistances[]>()
  for (const leaf of leaves) {
    const from = firstOf(leaf.position)
    const bucket = buckets.get(from)
    if (bucket === undefined) buckets.set(from, [leaf])
    else bucket.push(leaf)
  }
  return buckets
}

/** First position of the bucket. */
function firstOf(position: number): number {
  return position - (position % BUCKET_POSITIONS)
}

/** Five decimals, rounded up: enough for a logarithm, and never below what was measured. */
function fixed(value: number): number {
  return Math.ceil(value * 1e5) / 1e5
}
