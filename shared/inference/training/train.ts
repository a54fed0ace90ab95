import type { TrainingRecord } from '../model/manifest.ts'
import type { Weights } from '../model/weights.ts'
import { seededRandom } from '../random.ts'
import { makeBatch } from './batch.ts'
import { documentSource } from './documents.ts'
import type { Recipe } from './recipes.ts'
import { learningRate } from './schedule.ts'
import { createTrainer } from './trainer.ts'

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

/** Trains from scratch. Recipe, seed, steps and thread count decide every bit of the result on one machine. */
export async function train(options: TrainOptions): Promise<Trained> {
  const { recipe, seed, steps, threads, now, onProgress } = options
  const { architecture, batch, sequence, peakLearningRate, warmup, proseShare } = recipe
  const trainer = await createTrainer({ architecture, batch, sequence, seed, threads })
  const random = seededRandom(dataSeed(seed))
  const next = documentSource(proseShare)
  const start = now()
  let smooth = 0
  for (let step = 0; step < steps; step++) {
    const rate = learningRate(step, steps, peakLearningRate, warmup)
    const { loss, gradientNorm } = await trainer.step(makeBatch(next, random, batch, sequence), rate)
    smooth = step === 0 ? loss : smooth + (loss - smooth) / Math.min(step + 1, 50)
    const tokensPerSecond = ((step + 1) * batch * sequence * 1000) / (now() - start)
    onProgress({ step: step + 1, steps, loss: smooth, gradientNorm, tokensPerSecond })
  }
  const minutes = Math.round((now() - start) / 600) / 100
  const weights = trainer.weights()
  await trainer.close()
  const tokens = steps * batch * sequence
  const finalLoss = Math.round(smooth * 1e4) / 1e4
  const how = { seed, steps, batch, sequence, peakLearningRate, warmup, proseShare, threads }
  return { weights, record: { ...how, tokens, minutes, finalLoss } }
}

/** Steps that fit into the given minutes on this machine, from the time that a few scratch steps take. */
export async function stepsWithin(
  minutes: number,
  options: Omit<TrainOptions, 'steps' | 'onProgress'>,
): Promise<number> {
  const trial = 12
  const marks: number[] = []
  await train({ ...options, steps: trial, onProgress: () => marks.push(options.now()) })
  // The first steps also pay for memory and caches.
  const perStep = (marks.at(-1)! - marks[3]!) / (trial - 4)
  return Math.max(1, Math.floor((minutes * 60_000) / perStep))
}
