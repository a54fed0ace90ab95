import { firstOfBest, type LadderField, type Rung } from './field.ts'

/** The first answer in an order that says nothing: chance. */
export const first: Rung = ({ results }) => firstOfBest(new Float64Array(results.length))

/** The result that most answers share. */
export const majority: Rung = ({ results }) => firstOfBest(votes(results, () => 1))

/** The result whose answers have most evidence together; see `answerWeights`. */
export const reliabilityWeightedMajority: Rung = (field) => {
  const weights = answerWeights(field)
  return firstOfBest(votes(field.results, (i) => weights[i]!))
}

/**
 * Evidence in nats that an answer gives its own result: ln(p·m/(1−p)) for an answer that is right with probability p and else is
 * any of m wrong ones alike (Nitzan and Paroush, 1982, for m = 1). m is the number of other results in the field, at least 1, so
 * that a model which is mostly wrong still says something where wrong answers scatter; never below 0.
 */
export function answerWeights({
  results,
  reliability,
}: Pick<LadderField, 'results' | 'reliability'>): number[] {
  const others = Math.max(1, new Set(results).size - 1)
  return reliability.map((p) => Math.max(0, Math.log((p * others) / (1 - p))))
}

/** Each answer's sum over the answers that share its result. */
function votes(results: readonly string[], weightOf: (i: number) => number): number[] {
  const sums = new Map<string, number>()
  results.forEach((result, i) => {
    sums.set(result, (sums.get(result) ?? 0) + weightOf(i))
  })
  return results.map((result) => sums.get(result)!)
}
