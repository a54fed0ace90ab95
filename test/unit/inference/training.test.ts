import { describe, expect, test } from 'vitest'
import type { Architecture } from '../../../shared/inference/model/architecture.ts'
import { parameters } from '../../../shared/inference/model/architecture.ts'
import { initialWeights } from '../../../shared/inference/model/initialize.ts'
import { seededRandom } from '../../../shared/inference/random.ts'
import { ANSWER, EOS, encodePrompt } from '../../../shared/inference/tokenizer.ts'
import { type Batch, type Document, makeBatch } from '../../../shared/inference/training/batch.ts'
import { drawDocument } from '../../../shared/inference/training/documents.ts'
import { RECIPES } from '../../../shared/inference/training/recipes.ts'
import { learningRate } from '../../../shared/inference/training/schedule.ts'
import { phaseEnds } from '../../../shared/inference/training/train.ts'
import { createTrainer } from '../../../shared/inference/training/trainer.ts'
import { referenceLoss } from './reference-model.ts'

const MICRO: Architecture = {
  vocabularySize: 11,
  contextLength: 16,
  width: 8,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  feedForward: 12,
  ropeBase: 10_000,
  normEpsilon: 1e-5,
}
const shape = { batch: 2, sequence: 6 }

function microBatch(seed: number): Batch {
  const random = seededRandom(seed)
  const rows = shape.batch * shape.sequence
  const ids = () => BigInt64Array.from({ length: rows }, () => BigInt(Math.floor(random() * 11)))
  return { inputs: ids(), targets: ids(), weights: Float32Array.from({ length: rows }, () => random()) }
}

describe('the training step', () => {
  test('reports the loss that a plain double-precision model computes', async () => {
    const trainer = await createTrainer({ architecture: MICRO, ...shape, from: 3, threads: 1 })
    const { loss } = await trainer.step(microBatch(4), 0)
    await trainer.close()
    expect(loss).toBeCloseTo(referenceLoss(MICRO, initialWeights(MICRO, 3), microBatch(4), shape.sequence), 5)
  })

  test('its gradients are those of that loss, by finite differences, for every parameter', async () => {
    const batch = microBatch(5)
    const trainer = await createTrainer({ architecture: MICRO, ...shape, from: 6, threads: 1 })
    const { gradientNorm } = await trainer.step(batch, 0)
    const clip = Math.min(1, 1 / gradientNorm)
    const weights = initialWeights(MICRO, 6)
    const h = 1e-4
    for (const { name } of parameters(MICRO)) {
      const values = weights.get(name)!
      // After the first step the first moment is a tenth of the clipped gradient.
      const analytic = Array.from(trainer.state(`${name}.m`), (moment) => moment / 0.1 / clip)
      const stride = Math.max(1, Math.floor(values.length / 7))
      for (let i = 0; i < values.length; i += stride) {
        const lossAt = (value: number) => {
          const moved = Float64Array.from(values)
          moved[i] = value
          return referenceLoss(MICRO, new Map<string, ArrayLike<number>>(weights).set(name, moved), batch, 6)
        }
        const numeric = (lossAt(values[i]! + h) - lossAt(values[i]! - h)) / (2 * h)
        expect(Math.abs(analytic[i]! - numeric), `${name}[${i}]`).toBeLessThan(
          2e-5 + 1e-3 * Math.abs(numeric),
        )
      }
    }
    await trainer.close()
  })

  test('moves parameters as AdamW prescribes, decaying matrices only', async () => {
    const rate = 0.01
    const trainer = await createTrainer({ architecture: MICRO, ...shape, from: 7, threads: 1 })
    await trainer.step(microBatch(8), rate)
    const before = initialWeights(MICRO, 7)
    for (const [name, decay] of [
      ['layer0.gateUp', 0.05],
      ['finalNorm', 0],
    ] as const) {
      const old = before.get(name)!
      const first = trainer.state(`${name}.m`)
      const second = trainer.state(`${name}.v`)
      const expected = old.map((value, i) => {
        const step = first[i]! / 0.1 / (Math.sqrt(second[i]! / 0.05) + 1e-8)
        return value - rate * (step + decay * value)
      })
      const moved = trainer.state(name)
      for (const [i, value] of expected.entries()) expect(moved[i]).toBeCloseTo(value, 5)
    }
    await trainer.close()
  })

  test('goes on from a snapshot with another batch shape as if it had never stopped', async () => {
    const same = { architecture: MICRO, threads: 1 }
    const first = await createTrainer({ ...same, ...shape, from: 1 })
    await first.step(microBatch(1), 0.01)
    const wide = { batch: 4, sequence: 3 }
    const second = await createTrainer({ ...same, ...wide, from: first.snapshot() })
    await second.step(microBatch(2), 0.01)
    expect(second.snapshot().steps).toBe(2)
    expect(second.state('finalNorm.m')).not.toEqual(first.state('finalNorm.m'))
    const third = await createTrainer({ ...same, ...shape, from: first.snapshot() })
    await third.step(microBatch(2), 0.01)
    await first.step(microBatch(2), 0.01)
    expect(third.weights()).toEqual(first.weights())
    for (const trainer of [first, second, third]) await trainer.close()
  })

  test('is reproducible from its seeds, and learns', async () => {
    const run = async () => {
      const trainer = await createTrainer({ architecture: MICRO, ...shape, from: 1, threads: 1 })
      const losses: number[] = []
      for (let i = 0; i < 60; i++) losses.push((await trainer.step(microBatch(2), 0.01)).loss)
      const weights = trainer.weights()
      await trainer.close()
      return { losses, weights }
    }
    const [one, other] = [await run(), await run()]
    expect(one).toEqual(other)
    expect(one.losses.at(-1)!).toBeLessThan(one.losses[0]! / 2)
  })
})

describe('training data', () => {
  test('a batch predicts each next token, weights answers, and ends them with EOS', () => {
    const document = { prompt: 'ab', answer: 'xyz', freeCharacters: 1 }
    const { inputs, targets, weights } = makeBatch(() => document, 1, 10)
    expect(Array.from(inputs, Number).slice(0, 7)).toEqual([256, 97, 98, ANSWER, 120, 121, 122])
    expect(Array.from(targets, Number).slice(0, 7)).toEqual([97, 98, ANSWER, 120, 121, 122, EOS])
    const [prompt, free, worked] = [weights[0]!, weights[3]!, weights[4]!]
    expect(prompt).toBeLessThan(free)
    expect(free).toBeLessThan(worked)
    expect(Array.from(weights)).toEqual([prompt, prompt, prompt, free, worked, worked, worked, 0, 0, 0])
  })

  test('documents are tasks, bare questions and stories, free up to the first step', () => {
    const random = seededRandom(2)
    const documents = Array.from({ length: 600 }, () => drawDocument(random, { bare: 0.2, prose: 0.3 }))
    const share = (test: (document: Document) => boolean) => documents.filter(test).length / documents.length
    expect(share(({ freeCharacters }) => freeCharacters === 0)).toBeCloseTo(0.2, 1)
    expect(share(({ freeCharacters, answer }) => freeCharacters === answer.length)).toBeCloseTo(0.3, 1)
    for (const { answer, freeCharacters } of documents) {
      if (freeCharacters > 0 && freeCharacters < answer.length) expect(answer[freeCharacters]).toBe('\n')
    }
  })

  test('phases end where their shares say, and the last one with the last step', () => {
    const phase = { mix: { bare: 0, prose: 0 }, batch: 1, sequence: 1 }
    const phases = [0.45, 0.45, 0.1].map((share) => ({ ...phase, share }))
    expect(phaseEnds(phases, 1000)).toEqual([450, 900, 1000])
    for (const { phases: shipped } of Object.values(RECIPES)) {
      for (const steps of [7, 100, 9001]) expect(phaseEnds(shipped, steps).at(-1)).toBe(steps)
    }
  })

  test('every document of a phase fits its sequence', () => {
    const random = seededRandom(3)
    for (const { mix, sequence } of RECIPES.small!.phases) {
      for (let i = 0; i < 3000; i++) {
        const { prompt, answer } = drawDocument(random, mix)
        expect(encodePrompt(prompt).length + answer.length).toBeLessThanOrEqual(sequence)
      }
    }
  })

  test('the learning rate warms up, peaks and falls to a twentieth', () => {
    const rates = Array.from({ length: 1000 }, (_, step) => learningRate(step, 1000, 2, 100))
    expect(rates[0]).toBeCloseTo(0.02)
    expect(Math.max(...rates)).toBeCloseTo(2)
    expect(rates.indexOf(Math.max(...rates))).toBeLessThan(102)
    expect(rates.at(-1)).toBeCloseTo(0.1)
  })
})
