import type { Engine } from '../engine.ts'
import { seededRandom } from '../random.ts'
import type { SamplingParams } from '../sampler.ts'
import { EXAMS } from './exams.ts'

export interface EvaluationOptions {
  readonly sampling: SamplingParams
  /** Tasks of each family, and as many conversations, judgements and stories. */
  readonly perFamily: number
  /** Of the tasks and of the sampling noise; never the seed of training data. */
  readonly seed: number
  readonly maxTokens: number
}

export interface ExamResult {
  /** Whether it is part of the mean score. */
  readonly counts: boolean
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
  readonly exams: ReadonlyMap<string, ExamResult>
  /** Mean over the exams that count: the families of tasks, and chat. */
  readonly accuracy: number
  readonly natsPerToken: number
  /** Largest margin of any token, each answer replayed under its own seed. */
  readonly largestMargin: number
}

/** Questions under way at once: enough to fill every batch, and fewer than an engine lets wait. */
const CONCURRENT = 48

/** Asks a model fresh questions of every kind as a challenge would, and replays every answer. */
export async function evaluate(
  engine: Pick<Engine, 'text' | 'generate' | 'replay'>,
  options: EvaluationOptions,
): Promise<Evaluation> {
  const random = seededRandom(options.seed)
  const exams = new Map<string, ExamResult>()
  let largestMargin = 0
  let nats = 0
  let count = 0
  for (const { name, counts, ask } of EXAMS) {
    const asked = Array.from({ length: options.perFamily }, () => ({
      ...ask(random),
      seed: Uint8Array.from({ length: 32 }, () => Math.floor(random() * 256)),
    }))
    const answers = await mapSome(asked, async ({ messages, isRight, seed }) => {
      const promptTokens = engine.text.encodeChat(messages)
      const request = { promptTokens, sampling: options.sampling, seed }
      const { tokens, text, finish } = await engine.generate({ ...request, maxTokens: options.maxTokens })
      const { surprise, margins } = await engine.replay({ ...request, tokens, tolerance: 1e-4 })
      const right = isRight?.(text)
      return {
        tokens: tokens.length,
        right,
        surprise,
        stopped: finish === 'stop',
        margin: Math.max(...margins),
      }
    })
    const sum = (value: (answer: (typeof answers)[number]) => number) =>
      answers.reduce((total, answer) => total + value(answer), 0)
    const tokens = sum((answer) => answer.tokens)
    const surprise = sum((answer) => answer.surprise)
    exams.set(name, {
      counts,
      accuracy:
        answers[0]?.right === undefined ? undefined : sum(({ right }) => Number(right)) / answers.length,
      answers: answers.length,
      tokensPerAnswer: tokens / answers.length,
      natsPerToken: surprise / tokens,
      stopped: sum((answer) => Number(answer.stopped)) / answers.length,
    })
    nats += surprise
    count += tokens
    largestMargin = Math.max(largestMargin, ...answers.map((answer) => answer.margin))
  }
  const accuracies = [...exams.values()].flatMap(({ counts, accuracy }) => (counts ? (accuracy ?? []) : []))
  const accuracy = accuracies.reduce((a, b) => a + b, 0) / accuracies.length
  return { options, exams, accuracy, natsPerToken: nats / count, largestMargin }
}

/** Maps with at most CONCURRENT calls under way; results in the order of the items. */
async function mapSome<In, Out>(items: readonly In[], work: (item: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = []
  const entries = items.entries()
  const worker = async () => {
    for (const [i, item] of entries) results[i] = await work(item)
  }
  await Promise.all(Array.from({ length: CONCURRENT }, worker))
  return results
}
