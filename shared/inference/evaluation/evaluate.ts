import type { Engine } from '../engine.ts'
import { seededRandom } from '../random.ts'
import type { SamplingParams } from '../sampler.ts'
import { checkAnswer } from '../tasks/check-answer.ts'
import { FAMILIES, makeProsePrompt, makeTask } from '../tasks/make-task.ts'

export interface EvaluationOptions {
  readonly sampling: SamplingParams
  /** Tasks of each family, and as many stories. */
  readonly perFamily: number
  /** Of the tasks and of the sampling noise; never the seed of training data. */
  readonly seed: number
  readonly maxTokens: number
}

export interface FamilyResult {
  /** Share of answers that are right, letter for letter; undefined for stories, which have no truth. */
  readonly accuracy: number | undefined
  readonly answers: number
  readonly tokensPerAnswer: number
  /** Mean −ln p(token) under the sampling distribution, EOS included. */
  readonly natsPerToken: number
  /** Share of answers that ended by themselves. */
  readonly stopped: number
}

export interface Evaluation {
  readonly options: EvaluationOptions
  readonly families: ReadonlyMap<string, FamilyResult>
  /** Mean over the families of tasks. */
  readonly accuracy: number
  readonly natsPerToken: number
  /** Largest margin of any token, each answer replayed under its own seed. */
  readonly largestMargin: number
}

const STORIES = 'stories'

/** Asks a model fresh questions of every family as a challenge would, and replays every answer. */
export async function evaluate(
  engine: Pick<Engine, 'text' | 'generate' | 'replay'>,
  options: EvaluationOptions,
): Promise<Evaluation> {
  const random = seededRandom(options.seed)
  const families = new Map<string, FamilyResult>()
  let largestMargin = 0
  let nats = 0
  let count = 0
  for (const family of [...FAMILIES.map(({ name }) => name), STORIES]) {
    const asked = Array.from({ length: options.perFamily }, () => {
      const task = family === STORIES ? undefined : makeTask(random, family)
      const seed = Uint8Array.from({ length: 32 }, () => Math.floor(random() * 256))
      return { task, prompt: task?.prompt ?? makeProsePrompt(random).prompt, seed }
    })
    const answers = await Promise.all(
      asked.map(async ({ task, prompt, seed }) => {
        const request = { promptTokens: engine.text.encodePrompt(prompt), sampling: options.sampling, seed }
        const { tokens, text, finish } = await engine.generate({ ...request, maxTokens: options.maxTokens })
        const { surprise, margins } = await engine.replay({ ...request, tokens, tolerance: 1e-4 })
        const right = task !== undefined && checkAnswer(task, text)
        return {
          tokens: tokens.length,
          right,
          surprise,
          stopped: finish === 'stop',
          margin: Math.max(...margins),
        }
      }),
    )
    const sum = (value: (answer: (typeof answers)[number]) => number) =>
      answers.reduce((total, answer) => total + value(answer), 0)
    const tokens = sum((answer) => answer.tokens)
    const surprise = sum((answer) => answer.surprise)
    families.set(family, {
      accuracy: family === STORIES ? undefined : sum((answer) => Number(answer.right)) / answers.length,
      answers: answers.length,
      tokensPerAnswer: tokens / answers.length,
      natsPerToken: surprise / tokens,
      stopped: sum((answer) => Number(answer.stopped)) / answers.length,
    })
    nats += surprise
    count += tokens
    largestMargin = Math.max(largestMargin, ...answers.map((answer) => answer.margin))
  }
  const accuracies = [...families.values()].flatMap(({ accuracy }) => accuracy ?? [])
  const accuracy = accuracies.reduce((a, b) => a + b, 0) / accuracies.length
  return { options, families, accuracy, natsPerToken: nats / count, largestMargin }
}
