import { type CusumStretch, summariseStretch } from '../cusum.ts'
import {
  type ClassPair,
  type EvidenceParameters,
  type PlacedValues,
  POSITION_BUCKET,
  pairName,
  type Statistic,
} from './parameters.ts'

/** What one answer adds to the sum of its hotkey and declared model, in units of the pair's threshold: the alarm is at 1. */
export interface Evidence extends CusumStretch {
  readonly statistic: Statistic
  /** `pairName` of the classes that it was measured in; for the record, as the sum is one over all pairs. */
  readonly pair: string
}

/**
 * The evidence in one answer's values. Each counts from 0 up to the clip, so that none makes good more than k.
 *
 * @param parameters undefined where the pair was not calibrated
 * @returns undefined when nothing can be said: an uncalibrated pair, or a value that is not a number
 */
export function gatherEvidence(
  placed: PlacedValues,
  statistic: Statistic,
  pair: ClassPair,
  parameters: EvidenceParameters | undefined,
): Evidence | undefined {
  if (parameters === undefined || Array.from(placed.values).some(Number.isNaN)) return undefined
  const shares = incrementsOf(placed, parameters).map((increment) => increment / parameters.threshold)
  return { statistic, pair: pairName(pair), ...summariseStretch(shares) }
}

/** x − k of each value at a calibrated position, x between 0 and the clip. */
export function incrementsOf(
  { values, positions }: PlacedValues,
  { references, clip }: Pick<EvidenceParameters, 'references' | 'clip'>,
): number[] {
  return Array.from(values).flatMap((value, i) => {
    const reference = references[Math.floor(positions[i]! / POSITION_BUCKET)]
    return reference === undefined ? [] : clipped(value, clip) - reference
  })
}

/** What a value counts as: from 0 up to the clip. */
export function clipped(value: number, clip: number): number {
  return Math.min(clip, Math.max(0, value))
}
