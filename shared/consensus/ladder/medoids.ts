import { medoid as medoidOf } from '../../similarity/medoid.ts'
import type { Rung } from './field.ts'
import { answerWeights } from './voting.ts'

/** The answer that is most like all others. */
export const medoid: Rung = ({ results, similarity }) => medoidOf(results.length, similarity)

/** The answer that is most like those with evidence; see `answerWeights`. */
export const reliabilityWeightedMedoid: Rung = (field) =>
  medoidOf(field.results.length, field.similarity, answerWeights(field))
