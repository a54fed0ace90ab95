import { type Evaluation, evaluate } from '../../../shared/inference/evaluation/evaluate.ts'
import type { Bar } from '../suite.ts'
import { type Context, type Part, withEngine } from './context.ts'

/** Held out: far from every seed that training draws from. */
const EVALUATION_SEED = 0x5eed_0000
const TEMPERATURE = 0.8
const MAX_TOKENS = 160

/** How well the trained models answer fresh tasks, and how long the default one took to train. */
export async function measureQuality(context: Context): Promise<Part> {
  const { models, sizes, seed, report } = context
  const bars: Bar[] = []
  const scores: Record<string, Evaluation> = {}
  for (const { name, trained } of Object.values(models)) {
    if (trained === undefined) continue
    report(`score of ${name}`, 0, 1)
    const sampling = { temperature: TEMPERATURE, topK: 0, topP: 1 }
    const options = {
      sampling,
      perFamily: sizes.tasksPerFamily,
      seed: EVALUATION_SEED + seed,
      maxTokens: MAX_TOKENS,
    }
    const evaluation = await withEngine(context, trained.folder, (engine) => evaluate(engine, options))
    scores[name] = evaluation
    bars.push({
      name: `${name}.score`,
      value: evaluation.accuracy,
      unit: 'share right',
      note: `${sizes.tasksPerFamily} tasks a family at temperature ${TEMPERATURE}`,
    })
  }
  const training = models.small.trained?.manifest.training
  if (training !== undefined) {
    const note = `on ${training.threads} threads of the machine that it was trained on, by its own record`
    bars.push({ name: 'small.trainMinutes', value: training.minutes, unit: 'min', note })
  }
  return { raw: { scores, training }, bars }
}
