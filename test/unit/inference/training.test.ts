import { describe, expect, test } from 'vitest'
import { parameters } from '../../../shared/inference/model/architecture.ts'
import { initialWeights } from '../../../shared/inference/model/initialize.ts'
import { createTrainer } from '../../../shared/inference/training/trainer.ts'
import { firstGradient, MICRO, microBatch, shape } from './micro-training.ts'
import { referenceLoss } from './reference-model.ts'

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
      const analytic = Array.from(firstGradient(trainer, name), (value) => value / clip)
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
