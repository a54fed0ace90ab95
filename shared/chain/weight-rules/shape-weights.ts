import type { UidWeights } from '../chain-client.ts'
import { roundHalfEven, weightsFromScores } from '../weights.ts'
import { isMaxLimited } from './chain-numbers.ts'

const U16_MAX = 65_535

/** Share of the greatest score below which a score is noise: a limit would lift it to a weight that means something. */
export const NEGLIGIBLE = 1e-9

/** What a subnet asks of the shape of weights. */
export interface ShapeRules {
  /** Neurons on the subnet. */
  neurons: number
  /** `MinAllowedWeights`; the chain never asks for more entries than there are neurons. */
  minAllowedWeights: number
  /** u16 share of the sum that one weight may have; 65535 is no limit. */
  maxWeightLimit: number
}

/**
 * Scores as weights that fit the subnet. What Bittensor's SDK does in `process_weights` and
 * `convert_weights_and_uids_for_emit`, we follow where it keeps the scores' proportions, and leave where it pays for
 * nothing:
 *
 * - followed: zero scores carry no weight, the greatest becomes 65535, and rounding is half to even
 * - followed: a weight above the subnet's limit is cut to it, and the others grow in proportion (`normalize_max_weight`)
 * - not followed: too few scores become equal weights for everybody, or a bit for everybody. The chain counts entries,
 *   not their sum, so the lowest uids without a weight are named with weight 0
 * - not followed: weights below a quantile are dropped. A low score is a score
 *
 * Where too few have a score for the limit to be kept, weights stay above it: then the chain refuses them, and a rule says so.
 * Both lists are empty without a positive score. Throws `WEIGHTS_INVALID` as {@link weightsFromScores}.
 */
export function shapeWeights(
  scores: Iterable<{ uid: number; score: number }>,
  rules: ShapeRules,
): UidWeights {
  const list = [...scores]
  const plain = weightsFromScores(list)
  if (plain.uids.length === 0) return plain
  const { maxWeightLimit } = rules
  const limited = isMaxLimited(plain.weights, maxWeightLimit) ? plain : limitWeights(list, maxWeightLimit)
  return padWithZeros(limited ?? plain, Math.min(rules.minAllowedWeights, rules.neurons), rules.neurons)
}

/** Cuts the greatest scores to the limit's share; undefined where too few have a score for that. */
function limitWeights(
  scores: readonly { uid: number; score: number }[],
  limit: number,
): UidWeights | undefined {
  const greatest = scores.reduce((max, { score }) => Math.max(max, score), 0)
  const sorted = scores.filter(({ score }) => score > NEGLIGIBLE * greatest).sort((a, b) => a.uid - b.uid)
  const values = sorted.map(({ score }) => score / greatest)
  const cut = cutAbove(values, limit / U16_MAX)
  if (cut === undefined) return undefined
  const exact = values.map((value) => (Math.min(value, cut) / cut) * U16_MAX)
  const weights = exact.map(roundHalfEven)
  // Rounding may leave the sum a little too small: what lost most by it gets one more, equal scores together.
  const byLoss = [...new Set(exact)]
    .filter((value) => value < U16_MAX)
    .sort((a, b) => b - roundHalfEven(b) - (a - roundHalfEven(a)) || a - b)
  for (const value of byLoss) {
    if (isMaxLimited(weights, limit)) break
    for (const [index, other] of exact.entries()) if (other === value) weights[index]! += 1
  }
  const kept = sorted.flatMap(({ uid }, index) =>
    weights[index] === 0 ? [] : [[uid, weights[index]!] as const],
  )
  return { uids: kept.map(([uid]) => uid), weights: kept.map(([, weight]) => weight) }
}

/**
 * The height at which to cut values so that the greatest is exactly `share` of the sum that is left: with m values cut,
 * height = share · (m · height + rest). Undefined where even equal values would have a greater share.
 */
function cutAbove(values: readonly number[], share: number): number | undefined {
  const descending = [...values].sort((a, b) => b - a)
  // Summed from the smallest, so that nothing is left exactly when all are cut.
  const rests = [...descending, 0]
  for (let index = descending.length - 1; index >= 0; index--) rests[index]! += rests[index + 1]!
  for (let cutValues = 1; cutValues <= descending.length; cutValues++) {
    if (share * cutValues >= 1) return descending[cutValues - 1]
    const height = (share * rests[cutValues]!) / (1 - share * cutValues)
    if (height > 0 && height >= (descending[cutValues] ?? 0)) return height
  }
  return undefined
}

/** Names the lowest uids without a weight, with weight 0, until there are `count` entries. */
function padWithZeros({ uids, weights }: UidWeights, count: number, neurons: number): UidWeights {
  const weightOf = new Map(uids.map((uid, index) => [uid, weights[index]!]))
  for (let uid = 0; uid < neurons && weightOf.size < count; uid++) {
    if (!weightOf.has(uid)) weightOf.set(uid, 0)
  }
  const entries = [...weightOf].sort(([a], [b]) => a - b)
  return { uids: entries.map(([uid]) => uid), weights: entries.map(([, weight]) => weight) }
}
