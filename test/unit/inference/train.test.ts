import { expect, test } from 'vitest'
import { modelHash } from '../../../shared/inference/model/manifest.ts'
import { encodeWeights } from '../../../shared/inference/model/weights.ts'
import { type Progress, stepsWithin, train } from '../../../shared/inference/training/train.ts'
import { TINY } from './tiny-model.ts'

const recipe = {
  architecture: TINY,
  phases: [
    { share: 0.5, mix: { prose: 0, chat: 0.2, judge: 0.2, bare: 1 }, batch: 2, sequence: 160 },
    { share: 0.5, mix: { prose: 0.5, chat: 0, judge: 0, bare: 0 }, batch: 2, sequence: 160 },
  ],
  peakLearningRate: 3e-3,
  warmup: 4,
  steps: 12,
}
const silent = { recipe, threads: 1, now: () => 0, onProgress: () => {} }

test('a seed and a number of steps make one model, another seed another', async () => {
  const hashOf = async (seed: number) => {
    const { weights, record } = await train({ ...silent, seed, steps: 12 })
    expect(record).toMatchObject({ seed, steps: 12, tokens: 12 * 320, phases: recipe.phases })
    return modelHash(TINY, encodeWeights(TINY, weights))
  }
  const first = await hashOf(1)
  expect(await hashOf(1)).toBe(first)
  expect(await hashOf(2)).not.toBe(first)
})

test('the loss of the data falls, through both phases', async () => {
  const progress: Progress[] = []
  await train({ ...silent, seed: 1, steps: 60, onProgress: (report) => progress.push(report) })
  expect(progress.map(({ step }) => step)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1))
  expect(progress.at(-1)!.loss).toBeLessThan(progress[0]!.loss - 1)
})

test('a time limit becomes a number of steps', async () => {
  // Every look at the clock is 100 ms later; each step looks once for its progress and once for its mark, and the second
  // phase once when it begins: 20 steps take 4.1 s.
  let time = 0
  const now = () => (time += 100)
  expect(await stepsWithin(1, { ...silent, seed: 1, now })).toBe(292)
})
