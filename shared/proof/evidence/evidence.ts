import { type CusumStretch, summariseStretch } from '../cusum.ts'
import {
  type ClassPair,
  type EvidenceParameters,
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
 * @param values one a token or opened row; infinite where a token was impossible
 * @param positions where the values stand in the answer; left out when they stand at 0, 1, 2, …
 * @param parameters undefined where the pair was not calibrated
 * @returns undefined when nothing can be said: an uncalibrated pair, or a value that is not a number
 */
export function gatherEvidence(
  values: ArrayLike<number>,
  statistic: Statistic,
  pair: ClassPair,
  parameters: EvidenceParameters | undefined,
  positions?: ArrayLike<number>,
): Evidence | undefined {
  if (parameters === undefined || Array.from(values).some(Number.isNaN)) return undefined
  const increments = incrementsOf(values, parameters, positions)
  const shares = increments.map((increment) => increment / parameters.threshold)
  return { statistic, pair: pairName(pair), ...summariseStretch(shares) }
}

/** x − k of each value at a calibrated position, x between 0 and the clip. */
export function incrementsOf(
  values: ArrayLike<number>,
  { references, clip }: Pick<EvidenceParameters, 'references' | 'clip'>,
  positions?: ArrayLike<number>,
): number[] {
  return Array.from(values).flatMap((value, i) => {
    const reference = references[Math.floor((positions?.[i] ?? i) / POSITION_BUCKET)]
    return reference === undefined ? [] : Math.min(clip, Math.max(0, value)) - reference
  })
}
