import { hasCode } from '../../shared/process/errors.ts'
import { POSITIONS_PER_LEAF } from '../../shared/proof/answer-root.ts'
import { applyStretch, summariseStretch } from '../../shared/proof/cusum.ts'
import { FP32_MARGIN } from '../../shared/proof/decision.ts'
import { chooseReferences } from '../../shared/proof/evidence/choose-references.ts'
import { chooseThreshold } from '../../shared/proof/evidence/choose-threshold.ts'
import { clipped, incrementsOf } from '../../shared/proof/evidence/evidence.ts'
import {
  type EvidenceParameters,
  type PlacedValues,
  POSITION_BUCKET,
  placedFrom,
  type Statistic,
} from '../../shared/proof/evidence/parameters.ts'
import type { PairCalibration } from '../../shared/proof/sketch/calibration.ts'
import { rowValues } from '../../shared/proof/sketch/decision.ts'
import { OPENED_LEAVES } from '../../shared/proof/sketch/opening.ts'
import { BOTH_ROUNDED } from './buckets.ts'
import type { MeasuredAnswer } from './measure.ts'

/**
 * Honest answers from one false alarm to the next. Of a miner that gives a validator fourteen scored answers in five minutes
 * that is one in eight months.
 */
export const ANSWERS_PER_ALARM = 1e6

/** Half a logit, as in Token-DiFR; and three thousand times the usual distance: more tells nothing more. */
export const CLIPS: Readonly<Record<Statistic, number>> = { margin: 0.5, sketch: 8 }

/**
 * Where both sides compute exactly alike, margins of a millionth are forgotten, though samples show none, and a sum is no proof
 * before it reaches the margin that is.
 */
const EXACT_REFERENCE = 1e-6

/** A cheat stands out by a statistic where it measures so many times what honest answers do. */
const STANDS_OUT = 4

/** Of the honest answers, the noisiest that the rest are taken to be like, where nothing else is known of other processors. */
const NOISIEST_SHARE = 1 / 4

/** What sums of evidence are chosen from. */
export interface EvidenceSample {
  readonly honest: readonly MeasuredAnswer[]
  /** By name; those that stand out least decide what is still worth catching. */
  readonly cheats: ReadonlyMap<string, readonly MeasuredAnswer[]>
  /** Of a class that rounds its activations: see `Bounds`. */
  readonly unrounded?: readonly MeasuredAnswer[]
  /** Honest answers of a prover that takes sums in another order, as other processors do. */
  readonly elsewhere?: readonly MeasuredAnswer[]
  readonly isExact: boolean
}

/** The values of each audit that an answer can be put through. */
export function auditValues(
  answer: MeasuredAnswer,
  statistic: Statistic,
  pair: Pick<PairCalibration, 'buckets' | 'headroom'>,
): PlacedValues[] {
  const { position, rows, margins } = answer
  if (statistic === 'margin') return [placedFrom(position, margins)]
  const size = OPENED_LEAVES * POSITIONS_PER_LEAF
  const half = Math.ceil(rows.length / size) * POSITIONS_PER_LEAF
  const audits: PlacedValues[] = []
  // Leaves are paired from afar, as a beacon does: neighbours err together.
  for (let first = 0; first < half; first += POSITIONS_PER_LEAF) {
    const leaves = [first, first + half].map((at) => ({
      position: position + at,
      logs: rows.subarray(at, at + POSITIONS_PER_LEAF),
    }))
    audits.push(rowValues(leaves, pair))
  }
  return audits.filter(({ values }) => values.length > 0)
}

/** How both statistics are summed; one is left out where no cheat stands out by it, or honest answers leave no threshold. */
export function calibrateEvidence(
  sample: EvidenceSample,
  pair: Pick<PairCalibration, 'buckets' | 'headroom'>,
): PairCalibration['evidence'] {
  const of = (statistic: Statistic) => parametersOf(sample, statistic, pair)
  const [margin, sketch] = [of('margin'), of('sketch')]
  return {
    answersPerAlarm: ANSWERS_PER_ALARM,
    ...(margin === undefined ? {} : { margin }),
    ...(sketch === undefined ? {} : { sketch }),
  }
}

function parametersOf(
  { honest, cheats, unrounded, elsewhere, isExact }: EvidenceSample,
  statistic: Statistic,
  pair: Pick<PairCalibration, 'buckets' | 'headroom'>,
): EvidenceParameters | undefined {
  const clip = CLIPS[statistic]
  const valuesOf = (answers: readonly MeasuredAnswer[], headroom = pair.headroom) =>
    answers.flatMap((answer) => auditValues(answer, statistic, { ...pair, headroom }))
  const isMargin = statistic === 'margin'
  // What an honest miner may show on any processor. Values leave the headroom out; in fp32 those of one that needs all of it are
  // those of this one with it.
  const own = isExact
    ? [...valuesOf(honest, 0), ...(isMargin ? [placedFrom(0, [2 * EXACT_REFERENCE])] : [])]
    : unrounded === undefined
      ? noisiest(valuesOf(honest), clip)
      : [
          ...valuesOf(elsewhere ?? honest),
          ...(isMargin ? middle(valuesOf(unrounded), clip) : valuesOf(bothRounded(unrounded))),
        ]
  const honestMean = meanOf(own, clip)
  const worthCatching = [...cheats.values()]
    .map((cheat) => valuesOf(cheat))
    .filter((cheat) => meanOf(cheat, clip) > STANDS_OUT * honestMean)
    .sort((one, other) => meanOf(one, clip) - meanOf(other, clip))
  const [lightest] = worthCatching
  if (lightest === undefined) return undefined
  const least = isExact && isMargin ? { reference: EXACT_REFERENCE, threshold: FP32_MARGIN } : NO_FLOOR
  const references = chooseReferences(own, lightest, clip).map((k) => rounded(Math.max(k, least.reference)))
  try {
    const threshold = chooseThreshold(own, { references, clip, answersPerAlarm: ANSWERS_PER_ALARM })
    return { references, threshold: rounded(Math.max(threshold, least.threshold)), clip }
  } catch (error) {
    if (!hasCode(error, 'CUSUM_REFERENCE')) throw error
    // Where every honest value lies below every k no sum ever rises, and the floor is threshold enough.
    const isSilent = honestMean < Math.min(...references) && least.threshold > 0
    return isSilent ? { references, threshold: least.threshold, clip } : undefined
  }
}

const NO_FLOOR = { reference: 0, threshold: 0 }

/** Answers from one alarm to the next; undefined where the sample raised none. */
export function answersToAlarm(
  answers: readonly MeasuredAnswer[],
  statistic: Statistic,
  pair: PairCalibration,
): number | undefined {
  const parameters = pair.evidence[statistic]
  if (parameters === undefined) return undefined
  let [sum, alarms] = [0, 0]
  for (const answer of answers) {
    // One audit an answer.
    const [audit] = auditValues(answer, statistic, pair)
    if (audit === undefined) continue
    const after = applyStretch(sum, summariseStretch(incrementsOf(audit, parameters)))
    const isAlarm = after.peak >= parameters.threshold
    alarms += Number(isAlarm)
    sum = isAlarm ? 0 : after.sum
  }
  return alarms === 0 ? undefined : answers.length / alarms
}

/** The audits whose values add up to most, among those that begin in one stretch of positions. */
function noisiest(audits: readonly PlacedValues[], clip: number): PlacedValues[] {
  const byStart = new Map<number, PlacedValues[]>()
  for (const audit of audits) {
    const start = Math.floor(audit.positions[0]! / POSITION_BUCKET)
    byStart.set(start, [...(byStart.get(start) ?? []), audit])
  }
  return [...byStart.values()].flatMap((own) =>
    own
      .map((audit) => ({ audit, total: sumOf(audit, clip) }))
      .sort((one, other) => other.total - one.total)
      .slice(0, Math.ceil(NOISIEST_SHARE * own.length))
      .map(({ audit }) => audit),
  )
}

function sumOf({ values }: PlacedValues, clip: number): number {
  return Array.from(values).reduce((sum, value) => sum + clipped(value, clip), 0)
}

/** The audit of the middle total: one answer all of whose roundings flipped, for what a sample is too small to show. */
function middle(audits: readonly PlacedValues[], clip: number): PlacedValues[] {
  const sorted = [...audits].sort((one, other) => sumOf(one, clip) - sumOf(other, clip))
  return sorted.slice(sorted.length >> 1, (sorted.length >> 1) + 1)
}

/** Rows as far apart as where both sides round, and nothing that they round is shared. */
function bothRounded(answers: readonly MeasuredAnswer[]): MeasuredAnswer[] {
  return answers.map((answer) => ({ ...answer, rows: answer.rows.map((log) => log + BOTH_ROUNDED) }))
}

function meanOf(audits: readonly PlacedValues[], clip: number): number {
  const count = audits.reduce((total, { values }) => total + values.length, 0)
  return audits.reduce((sum, audit) => sum + sumOf(audit, clip), 0) / Math.max(1, count)
}

/** Five digits, rounded up. */
function rounded(value: number): number {
  if (value === 0) return 0
  const unit = 10 ** (Math.floor(Math.log10(value)) - 4)
  return Number((Math.ceil(value / unit) * unit).toPrecision(6))
}
