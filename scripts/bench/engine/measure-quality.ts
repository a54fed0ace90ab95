import { type Evaluation, evaluate } from '../../../shared/inference/evaluation/evaluate.ts'
import type { Precision } from '../../../shared/inference/precision.ts'
import type { Bar } from '../suite.ts'
import { type Context, type Part, withEngine } from './context.ts'

/** Held out: far from every seed that training draws from. */
const EVALUATION_SEED = 0x5eed_0000
const TEMPERATURE = 0.8
const MAX_TOKENS = 160

/** Asks a trained model the same fresh tasks in any precision. */
export function score(
  context: Pick<Context, 'threads' | 'sizes' | 'seed'>,
  folder: string,
  precision: Precision,
): Promise<Evaluation> {
  const options = {
    sampling: { temperature: TEMPERATURE, topK: 0, topP: 1 },
    perFamily: context.sizes.tasksPerFamily,
    seed: EVALUATION_SEED + context.seed,
    maxTokens: MAX_TOKENS,
  }
  return withEngine(context, folder, (engine) => evaluate(engine, options), { precision })
}

export function scoreBar({ sizes }: Pick<Context, 'sizes'>, name: string, { accuracy }: Evaluation): Bar {
  const note = `${sizes.tasksPerFamily} tasks a family at temperature ${TEMPERATURE}`
  return { name, value: accuracy, unit: 'share right', note }
}

/** How well the trained models answer fresh tasks, and how long the default one took to train. */
export async function measureQuality(context: Context): Promise<Part> {
  const { models, report } = context
  const bars: Bar[] = []
  const scores: Record<string, Evaluation> = {}
  for (const { name, trained } of Object.values(models)) {
    if (trained === undefined) continue
    report(`score of ${name}`, 0, 1)
    const evaluation = await score(context, trained.folder, 'fp32')
    scores[name] = evaluation
    bars.push(scoreBar(context, `${name}.score`, evaluation))
  }
  const training = models.small.trained?.manifest.training
  if (training !== undefined) {
    const note = `on ${training.threads} threads of the machine that it was trained on, by its own record`
    bars.push({ name: 'small.trainMinutes', value: training.minutes, unit: 'min', note })
  }
  return { raw: { scores, training }, bars }
}
