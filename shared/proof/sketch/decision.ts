import { POSITIONS_PER_LEAF } from '../answer-root.ts'
import type { EvidenceDecision } from '../evidence/decide-margins.ts'
import { gatherEvidence } from '../evidence/evidence.ts'
import type { PlacedValues } from '../evidence/parameters.ts'
import {
  bucketOf,
  calibrationOf,
  type PairCalibration,
  type SketchCalibration,
  type SketchPair,
} from './calibration.ts'
import { SKETCH_VALUES } from './matrix.ts'
import { OPENED_LEAVES } from './opening.ts'
import { logDistances, mean, sketchFault } from './sketch.ts'

/** One opened leaf, whose opening has no fault, and what the verifier computed in its place. */
export interface OpenedLeaf {
  /** In the sequence, prompt included, of the leaf's first row: prompt tokens − 1 + first answer position. */
  readonly position: number
  /** Row-major [rows, SKETCH_VALUES], rows 1 to 4. */
  readonly claimed: Float32Array
  readonly own: Float32Array
}

export interface SketchDecision extends EvidenceDecision {
  /** Mean log distance less its threshold, in nats, where that is largest; above 0 is a reject by itself. Undefined where nothing could be compared. */
  readonly excess: number | undefined
}

const inconclusive = (reason: string): SketchDecision => ({
  verdict: 'inconclusive',
  reason,
  excess: undefined,
})

/**
 * Decides on the hidden states of an answer by mean log distances, never by single rows: of each opened leaf against what honest
 * leaves of that size and place keep below, and of two whole leaves together against what honest pairs do. The first finds a
 * cheat in part of an answer; the second has the smaller spread, and so the finer threshold in noisy classes. A leaf at a
 * position that was never calibrated keeps an answer from being accepted, and never gets it rejected. An answer whose rows alone raise
 * the alarm of a sum over many answers is rejected, too.
 */
export function decideSketches(
  calibration: SketchCalibration | undefined,
  pair: SketchPair,
  leaves: readonly OpenedLeaf[],
): SketchDecision {
  const measured = calibrationOf(calibration, pair)
  if (measured === undefined) {
    const { model, prover, verifier } = pair
    return inconclusive(`no sketch calibration of ${prover} by ${verifier} for model ${model}`)
  }
  const compared: Comparison[] = []
  const rowLogs: PlacedLogs[] = []
  for (const { position, claimed, own } of leaves) {
    const rows = own.length / SKETCH_VALUES
    if (sketchFault(own, rows) !== undefined || isZero(own))
      return inconclusive(`the verifier has no hidden states at position ${position}`)
    const fault = sketchFault(claimed, rows)
    if (fault !== undefined)
      return { verdict: 'reject', reason: `malformed proof: ${fault}`, excess: undefined }
    const bucket = bucketOf(measured, position)
    const threshold = bucket?.thresholds[rows - 1]
    if (bucket === undefined || threshold === undefined) continue
    const logs = logDistances(claimed, own)
    rowLogs.push({ position, logs })
    const distance = mean(logs)
    compared.push({ what: `at position ${position}`, rows, distance, threshold, usual: bucket.mean })
  }
  const worst = [...compared, ...pooled(compared, measured)].sort((a, b) => excessOf(b) - excessOf(a))[0]
  const uncalibrated = leaves.length - compared.length
  if (worst === undefined) return inconclusive('no opened leaf stands at a calibrated position')
  const excess = excessOf(worst)
  if (excess <= 0 && uncalibrated > 0) {
    const reason = `${uncalibrated} of ${leaves.length} opened leaves at positions that are not calibrated`
    return { verdict: 'inconclusive', reason, excess }
  }
  if (excess <= 0) {
    const evidence = gatherEvidence(rowValues(rowLogs, measured), 'sketch', pair, measured.evidence.sketch)
    if (evidence !== undefined && evidence.peak >= 1) {
      const reason = `hidden states add up to ${evidence.peak.toPrecision(3)} times what rounding explains`
      return { verdict: 'reject', reason, excess }
    }
    return { verdict: 'accept', reason: '', excess, ...(evidence === undefined ? {} : { evidence }) }
  }
  const [distance, threshold] = [worst.distance, worst.threshold].map((log) => Math.exp(log).toExponential(1))
  const reason = `hidden states ${worst.what} lie ${distance} apart, honest ones at most ${threshold}`
  return { verdict: 'reject', reason, excess }
}

/** Log distances of consecutive rows. */
export interface PlacedLogs {
  /** In the sequence, prompt included, of the first. */
  readonly position: number
  readonly logs: ArrayLike<number>
}

/**
 * What rows add to a sum of evidence: ln of how many times farther they lie than honest rows of their bucket usually do and the
 * pair's headroom together. Rows at positions that were not calibrated are left out.
 */
export function rowValues(
  rows: readonly PlacedLogs[],
  pair: Pick<PairCalibration, 'buckets' | 'headroom'>,
): PlacedValues {
  const placed = rows.flatMap(({ position, logs }) =>
    Array.from(logs, (log, i) => ({ log, at: position + i })).flatMap(({ log, at }) => {
      const bucket = bucketOf(pair, at)
      return bucket === undefined ? [] : [{ value: log - bucket.mean - pair.headroom, at }]
    }),
  )
  return { values: placed.map(({ value }) => value), positions: placed.map(({ at }) => at) }
}

/** Mean log distance of some rows, and what it is held against. */
interface Comparison {
  readonly what: string
  readonly rows: number
  readonly distance: number
  readonly threshold: number
  /** Mean over honest rows of the same places. */
  readonly usual: number
}

const excessOf = ({ distance, threshold }: Comparison) => distance - threshold

/** Two whole leaves taken together; none where that was not calibrated. */
function pooled(leaves: readonly Comparison[], { pooled }: PairCalibration): Comparison[] {
  const isWhole = ({ rows }: Comparison) => rows === POSITIONS_PER_LEAF
  if (pooled === undefined || leaves.length !== OPENED_LEAVES || !leaves.every(isWhole)) return []
  const average = (value: (leaf: Comparison) => number) =>
    leaves.reduce((sum, leaf) => sum + value(leaf), 0) / leaves.length
  const usual = average((leaf) => leaf.usual)
  const distance = average((leaf) => leaf.distance)
  const rows = leaves.length * POSITIONS_PER_LEAF
  return [{ what: `in ${rows} rows`, rows, distance, threshold: usual + pooled, usual }]
}

/** True where some sketch is zero: no distance can be taken from it. */
function isZero(own: Float32Array): boolean {
  for (let start = 0; start < own.length; start += SKETCH_VALUES) {
    if (own.subarray(start, start + SKETCH_VALUES).every((value) => value === 0)) return true
  }
  return false
}
