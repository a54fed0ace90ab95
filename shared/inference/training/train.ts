import { parameters } from '../model/architecture.ts'
import type { TrainingRecord } from '../model/manifest.ts'
import type { Weights } from '../model/weights.ts'
import { seededRandom } from '../random.ts'
import { createPacker } from './batch.ts'
import { type CheckpointStore, checkSameRun, type Run } from './checkpoint.ts'
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
  /** Padding included, in this phase. */
  readonly tokensPerSecond: number
}

export interface TrainOptions {
  readonly recipe: Recipe
  readonly seed: number
  readonly steps: number
  readonly threads: number
  /** Nothing else needs the cores; see `TrainerOptions`. */
  readonly dedicated?: boolean
  /** Where to go on from, and where to keep what is reached after each so many steps. */
  readonly checkpoints?: { readonly store: CheckpointStore; readonly every: number }
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

/**
 * Trains from scratch, or goes on from a checkpoint. Recipe, seed, steps and thread count decide every bit of the result
 * on one machine, however often the run was broken off. Throws CHECKPOINT_OF_ANOTHER_RUN where those differ.
 */
export async function train(options: TrainOptions): Promise<Trained> {
  const { recipe, seed, steps, threads, dedicated = false, checkpoints, now, onProgress } = options
  const { architecture, phases, peakLearningRate, warmup } = recipe
  const run: Run = { recipe, seed, steps, threads }
  const resumed = await checkpoints?.store.load()
  if (resumed !== undefined) checkSameRun(resumed, run)
  const random = seededRandom(dataSeed(seed))
  const ends = phaseEnds(phases, steps)
  const start = now() - (resumed?.milliseconds ?? 0)
  const done = resumed?.snapshot.steps ?? 0
  let from: number | Snapshot = resumed?.snapshot ?? seed
  let smooth = resumed?.loss ?? 0
  let step = 0
  let tokens = 0
  for (const [index, { mix, batch, sequence }] of phases.entries()) {
    const end = ends[index]!
    tokens += (end - step) * batch * sequence
    const nextBatch = createPacker(() => drawDocument(random, mix), batch, sequence)
    // What the run had seen before it was broken off is drawn again, which takes no time, and leaves the stream where it was.
    for (; step < Math.min(done, end); step++) nextBatch()
    if (step === end) continue
    const trainer = await createTrainer({ architecture, batch, sequence, from, threads, dedicated })
    const phaseStart = { step, milliseconds: now() }
    while (step < end) {
      const rate = learningRate(step, steps, peakLearningRate, warmup)
      const { loss, gradientNorm } = await trainer.step(nextBatch(), rate)
      smooth = step === 0 ? loss : smooth + (loss - smooth) / Math.min(step + 1, 50)
      step += 1
      const seconds = (now() - phaseStart.milliseconds) / 1000
      const tokensPerSecond = ((step - phaseStart.step) * batch * sequence) / seconds
      onProgress({ step, steps, loss: smooth, gradientNorm, tokensPerSecond })
      if (checkpoints !== undefined && step % checkpoints.every === 0 && step < steps) {
        const milliseconds = now() - start
        await checkpoints.store.save({ run, snapshot: trainer.snapshot(), loss: smooth, milliseconds })
      }
    }
    from = trainer.snapshot()
    await trainer.close()
  }
  if (typeof from === 'number') throw new RangeError('a run needs at least one step')
  const { state } = from
  const minutes = Math.round((now() - start) / 600) / 100
  const finalLoss = Math.round(smooth * 1e4) / 1e4
  return {
    weights: new Map(parameters(architecture).map(({ name }) => [name, state.get(name)!.data])),
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
