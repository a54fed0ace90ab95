import type { Engine } from '../../../../shared/inference/engine.ts'
import type { Precision } from '../../../../shared/inference/precision.ts'
import { checkAnswer } from '../../../../shared/inference/tasks/check-answer.ts'
import { judgedResults } from '../../../../shared/inference/tasks/judge.ts'
import { personalSeed } from '../../../../shared/proof/challenge-id.ts'
import { hashText } from '../../../../shared/proof/hash.ts'
import type { SwarmContext } from '../part.ts'
import { type ModelName, mapInFlight, withModel } from './models.ts'
import type { Question } from './questions.ts'

/** A miner that answers, alone with its own seed. */
export interface Answerer {
  readonly name: string
  readonly model: ModelName
  readonly precision: Precision
  readonly temperature: number
}

/** One miner's answer to one question. */
export interface RealAnswer {
  readonly answerer: Answerer
  readonly text: string
  /** What a judge is shown of it. */
  readonly result: string
  readonly isRight: boolean
  readonly tokens: number
}

/** As rounds ask for it unless told otherwise. */
const MAX_TOKENS = 160

/** Every answerer's answer to every question, one list a question in the order of the answerers. Each engine starts once. */
export async function collectAnswers(
  context: SwarmContext,
  questions: readonly Question[],
  answerers: readonly Answerer[],
): Promise<RealAnswer[][]> {
  const answers: RealAnswer[][] = questions.map(() => [])
  for (const { model, precision } of engineKinds(answerers)) {
    const same = answerers.filter((answerer) => answerer.model === model && answerer.precision === precision)
    const jobs = questions.flatMap((question, q) => same.map((answerer) => ({ question, q, answerer })))
    await withModel(
      context,
      model,
      (engine) =>
        mapInFlight(
          jobs,
          async ({ question, q, answerer }) => {
            answers[q]![answerers.indexOf(answerer)] = await answerOne(engine, question, answerer)
          },
          (done) => context.report(`answers of ${model} ${precision}`, done, jobs.length),
        ),
      { precision },
    )
  }
  return answers
}

async function answerOne(engine: Engine, { id, task }: Question, answerer: Answerer): Promise<RealAnswer> {
  const { text, tokens } = await engine.generate({
    promptTokens: engine.text.encodePrompt(task.prompt),
    maxTokens: MAX_TOKENS,
    sampling: { temperature: answerer.temperature, topK: 0, topP: 1 },
    seed: personalSeed(id, hashText(answerer.name)),
  })
  const [result] = judgedResults(text, text)
  return { answerer, text, result, isRight: checkAnswer(task, text), tokens: tokens.length }
}

function engineKinds(answerers: readonly Answerer[]): Pick<Answerer, 'model' | 'precision'>[] {
  const kinds = new Map(answerers.map((answerer) => [`${answerer.model} ${answerer.precision}`, answerer]))
  return [...kinds.values()]
}
