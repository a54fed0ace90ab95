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
  if (parameters === undefined) return undefined
  const { references, threshold, clip } = parameters
  const increments: number[] = []
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) return undefined
    const reference = references[Math.floor((positions?.[i] ?? i) / POSITION_BUCKET)]
    if (reference === undefined) continue
    increments.push((Math.min(clip, Math.max(0, value)) - reference) / threshold)
  }
  return { statistic, pair: pairName(pair), ...summariseStretch(increments) }
}
