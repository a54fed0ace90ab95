import type { TrainingRecord } from '../model/manifest.ts'
import type { Weights } from '../model/weights.ts'
import { seededRandom } from '../random.ts'
import { makeBatch } from './batch.ts'
import { drawDocument } from './documents.ts'
import type { Phase, Recipe } from './recipes.ts'
import { learningRate } from './schedule.ts'
import { createTrainer, type Snapshot } from './trainer.ts'

export interface Progress {
  readonly step: number
  readonly steps: number
  /** Running mean over about 50 steps, nats a weighted token. */
  readonly loss: number
  readonly gradientNorm: number
  readonly tokensPerSecond: number
}

export interface TrainOptions {
  readonly recipe: Recipe
  readonly seed: number
  readonly steps: number
  readonly threads: number
  /** Milliseconds, monotonic. */
  readonly now: () => number
  readonly onProgress: (progress: Progress) => void
}

export interface Trained {
  readonly weights: Weights
  readonly record: TrainingRecord
}

/** Initial weights come from the seed, data from a stream beside it; held-out data must use other seeds than seed + 1. */
export function dataSeed(seed: number): number {
  return seed + 1
}

/** The step at which each phase ends. */
export function phaseEnds(phases: readonly Phase[], steps: number): number[] {
  let share = 0
  return phases.map((phase) => {
    share += phase.share
    return Math.round(Math.min(1, share) * steps)
  })
}

/** Trains from scratch. Recipe, seed, steps and thread count decide every bit of the result on one machine. */
export async function train(options: TrainOptions): Promise<Trained> {
  const { recipe, seed, steps, threads, now, onProgress } = options
  const { architecture, phases, peakLearningRate, warmup } = recipe
  const random = seededRandom(dataSeed(seed))
  const ends = phaseEnds(phases, steps)
  const start = now()
  let from: number | Snapshot = seed
  let smooth = 0
  let step = 0
  let tokens = 0
  let weights: Weights = new Map()
  for (const [index, { mix, batch, sequence }] of phases.entries()) {
    const trainer = await createTrainer({ architecture, batch, sequence, from, threads })
    for (; step < ends[index]!; step++) {
      const documents = makeBatch(() => drawDocument(random, mix), batch, sequence)
      const rate = learningRate(step, steps, peakLearningRate, warmup)
      const { loss, gradientNorm } = await trainer.step(documents, rate)
      smooth = step === 0 ? loss : smooth + (loss - smooth) / Math.min(step + 1, 50)
      tokens += batch * sequence
      const tokensPerSecond = (tokens * 1000) / (now() - start)
      onProgress({ step: step + 1, steps, loss: smooth, gradientNorm, tokensPerSecond })
    }
    from = trainer.snapshot()
    weights = trainer.weights()
    await trainer.close()
  }
  const minutes = Math.round((now() - start) / 600) / 100
  const finalLoss = Math.round(smooth * 1e4) / 1e4
  return {
    weights,
    record: {
      seed,
      steps,
      phases: [...phases],
      peakLearningRate,
      warmup,
      threads,
      tokens,
      minutes,
      finalLoss,
    },
  }
}

/** Steps that fit into the given minutes on this machine, from the time that a few scratch steps take. */
export async function stepsWithin(
  minutes: number,
  options: Omit<TrainOptions, 'steps' | 'onProgress'>,
): Promise<number> {
  const trial = 24
  const marks: number[] = []
  await train({ ...options, steps: trial, onProgress: () => marks.push(options.now()) })
  // The first steps also pay for memory and caches.
  const perStep = (marks.at(-1)! - marks[3]!) / (trial - 4)
  return Math.max(1, Math.floor((minutes * 60_000) / perStep))
}
