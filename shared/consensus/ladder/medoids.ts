import { medoid as medoidOf } from '../../similarity/medoid.ts'
import { firstOfBest, type Rung } from './field.ts'
import { answerWeights } from './voting.ts'

/** The answer that is most like all others. */
export const medoid: Rung = ({ results, similarity }) => medoidOf(results.length, similarity)

/**
 * The answer that is most like those with evidence, itself among them (see `answerWeights`): without its own, an answer without evidence
 * that only comes near to those with it would have all of them behind it, and each of them one less.
 */
export const reliabilityWeightedMedoid: Rung = (field) => {
  const weights = answerWeights(field)
  const support = weights.map((_, i) =>
    weights.reduce((sum, weight, j) => sum + weight * (i === j ? 1 : field.similarity(i, j)), 0),
  )
  return firstOfBest(support)
}
