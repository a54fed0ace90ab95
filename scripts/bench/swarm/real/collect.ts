import type { Judgement } from '../../../../shared/consensus/voice.ts'
import type { SwarmContext } from '../part.ts'
import { collectAnswers } from './answers.ts'
import { fieldOf, inField, type RealField, shownOf } from './fields.ts'
import { judgeLikelihoods, judgePairs } from './judging.ts'
import { type ModelName, mapInFlight, withModel } from './models.ts'
import type { Question } from './questions.ts'
import type { RealSwarm } from './swarms.ts'

/** A field and what every judge said of it, indices being those of its answers. */
export interface CollectedField {
  readonly field: RealField
  readonly prompted: readonly Judgement[]
  readonly likelihood: readonly Judgement[]
  /** SimHashes of the answers, where they were hashed. */
  readonly hashes?: readonly Uint8Array[]
  /** Verdicts that were asked for, and tokens written for them. */
  readonly verdicts: number
  readonly verdictTokens: number
}

/** Lets a swarm answer and judge. Each model's engine starts once for answers and once for judgements. */
export async function collectFields(
  context: SwarmContext,
  questions: readonly Question[],
  swarm: RealSwarm,
): Promise<CollectedField[]> {
  const answers = await collectAnswers(context, questions, swarm.answerers)
  const fields = questions.map((question, q) => fieldOf(question, answers[q]!))
  return judgeFields(context, fields, swarm)
}

/**
 * Lets the judges of a swarm compare what fields show.
 * @param methods likelihood judges beside those that read, unless told
 */
export async function judgeFields(
  context: SwarmContext,
  fields: readonly RealField[],
  { judges, name }: RealSwarm,
  methods: { readonly likelihood: boolean } = { likelihood: true },
): Promise<CollectedField[]> {
  let collected = fields.map(
    (field): CollectedField => ({ field, prompted: [], likelihood: [], verdicts: 0, verdictTokens: 0 }),
  )
  for (const model of new Set(judges.map((judge) => judge.model))) {
    const same = judges.filter((judge) => judge.model === model)
    collected = await withModel(context, model, (engine) =>
      mapInFlight(
        collected,
        async (before): Promise<CollectedField> => {
          const { field } = before
          const shown = shownOf(field)
          const prompted = await Promise.all(same.map((judge) => judgePairs(engine, shown, judge)))
          const likelihood = methods.likelihood ? [await judgeLikelihoods(engine, shown, model)] : []
          const sum = (of: (judgement: (typeof prompted)[number]) => number) =>
            prompted.reduce((total, judgement) => total + of(judgement), 0)
          return {
            field,
            prompted: [...before.prompted, ...prompted.map((judgement) => inField(field, judgement))],
            likelihood: [...before.likelihood, ...likelihood.map((judgement) => inField(field, judgement))],
            verdicts: before.verdicts + sum(({ asked }) => asked),
            verdictTokens: before.verdictTokens + sum(({ tokens }) => tokens),
          }
        },
        (done) => context.report(`${name}: verdicts of ${model as ModelName}`, done, fields.length),
      ),
    )
  }
  return collected
}
