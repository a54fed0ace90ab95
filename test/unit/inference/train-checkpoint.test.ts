import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkpointFile } from '../../../shared/inference/training/checkpoint.ts'
import { type TrainOptions, train } from '../../../shared/inference/training/train.ts'
import { hasCode } from '../../../shared/process/errors.ts'
import { TINY } from './tiny-model.ts'

const phase = { batch: 2, sequence: 160 }
const recipe = {
  architecture: TINY,
  phases: [
    { share: 0.5, mix: { prose: 0, chat: 0.2, judge: 0.2, bare: 1 }, ...phase },
    { share: 0.5, mix: { prose: 0.5, chat: 0, judge: 0, bare: 0 }, ...phase },
  ],
  peakLearningRate: 3e-3,
  warmup: 4,
  steps: 12,
}
const options: TrainOptions = { recipe, seed: 1, steps: 12, threads: 1, now: () => 0, onProgress: () => {} }

describe('a training run that is broken off', () => {
  let folder: string
  let path: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'starling-checkpoint-'))
    path = join(folder, 'run')
  })
  afterEach(() => rm(folder, { recursive: true }))

  /** Runs until a step, with a checkpoint after every `every` steps, and dies there. */
  async function breakOff(at: number, every: number): Promise<void> {
    const onProgress = ({ step }: { readonly step: number }) => {
      if (step === at) throw new Error('killed')
    }
    const checkpoints = { store: checkpointFile(path), every }
    await expect(train({ ...options, onProgress, checkpoints })).rejects.toThrow('killed')
  }

  test('ends in the same weights and record, wherever it was', async () => {
    const whole = await train(options)
    // In the first phase, at its last step, and in the second phase.
    for (const every of [4, 6, 8]) {
      await rm(path, { force: true })
      await breakOff(every + 2, every)
      const steps: number[] = []
      const resumed = await train({
        ...options,
        checkpoints: { store: checkpointFile(path), every },
        onProgress: ({ step }) => steps.push(step),
      })
      expect(steps[0]).toBe(every + 1)
      expect(resumed).toEqual(whole)
    }
  })

  test('can be broken off before its first checkpoint', async () => {
    await breakOff(2, 4)
    expect(await checkpointFile(path).load()).toBeUndefined()
  })

  test('counts the minutes of all its parts', async () => {
    let time = 0
    const now = () => time
    const checkpoints = { store: checkpointFile(path), every: 4 }
    const die = ({ step }: { readonly step: number }) => {
      time += 60_000
      if (step === 5) throw new Error('killed')
    }
    await expect(train({ ...options, now, checkpoints, onProgress: die })).rejects.toThrow('killed')
    time = 999_000_000
    const onProgress = () => {
      time += 60_000
    }
    const { record } = await train({ ...options, now, checkpoints, onProgress })
    expect(record.minutes).toBe(12)
  })

  test('goes on only as the run that it was', async () => {
    await breakOff(6, 4)
    const checkpoints = { store: checkpointFile(path), every: 4 }
    for (const other of [{ seed: 2 }, { steps: 13 }, { threads: 2 }, { recipe: { ...recipe, warmup: 5 } }]) {
      const error = await train({ ...options, checkpoints, ...other }).catch((caught: unknown) => caught)
      expect(hasCode(error, 'CHECKPOINT_OF_ANOTHER_RUN')).toBe(true)
    }
  })

  test('says so where the file is something else', async () => {
    await writeFile(path, 'not a checkpoint')
    const error = await checkpointFile(path)
      .load()
      .catch((caught: unknown) => caught)
    expect(hasCode(error, 'CHECKPOINT_UNREADABLE')).toBe(true)
  })
})
