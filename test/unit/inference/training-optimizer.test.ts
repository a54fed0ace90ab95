import { Matrix, SVD } from 'ml-matrix'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { initialWeights } from '../../../shared/inference/model/initialize.ts'
import { createTrainer, type Trainer } from '../../../shared/inference/training/trainer.ts'
import { firstGradient, MICRO, microBatch, shape } from './micro-training.ts'

const RATE = 0.01
const DECAY = 0.05

describe('the optimizer', () => {
  let trainer: Trainer
  beforeEach(async () => {
    trainer = await createTrainer({ architecture: MICRO, ...shape, from: 7, threads: 1 })
    await trainer.step(microBatch(8), RATE)
  })
  afterEach(() => trainer.close())

  test.each([
    ['embedding', DECAY],
    ['finalNorm', 0],
    ['layer1.attentionNorm', 0],
  ])('moves %s as AdamW prescribes, with a decay of %d', (name, decay) => {
    const old = initialWeights(MICRO, 7).get(name)!
    const gradient = firstGradient(trainer, name)
    const second = trainer.state(`${name}.v`)
    const moved = trainer.state(name)
    for (const [i, value] of old.entries()) {
      const step = gradient[i]! / (Math.sqrt(second[i]! / 0.05) + 1e-8)
      expect(moved[i]).toBeCloseTo(value - RATE * (step + decay * value), 5)
    }
  })

  test.each([
    ['layer0.gateUp', 8, [12, 12]],
    ['layer1.queryKeyValue', 8, [8, 4, 4]],
    ['layer0.attentionOutput', 8, [8]],
    ['layer1.down', 12, [8]],
  ])(
    'moves each matrix of %s along the singular directions of its gradient, all by about as much',
    (name, rows, widths) => {
      const columns = widths.reduce((sum, width) => sum + width, 0)
      const matrix = (values: ArrayLike<number>) => Matrix.from1DArray(rows, columns, Array.from(values))
      const old = matrix(initialWeights(MICRO, 7).get(name)!)
      const moved = matrix(trainer.state(name))
      const gradient = matrix(firstGradient(trainer, name))
      const step = Matrix.sub(Matrix.mul(old, 1 - RATE * DECAY), moved).div(RATE)
      let left = 0
      for (const width of widths) {
        const part = (whole: Matrix) => whole.subMatrix(0, rows - 1, left, left + width - 1)
        const scale = 0.2 * Math.sqrt(Math.max(rows, width))
        const { leftSingularVectors, rightSingularVectors, diagonal } = new SVD(part(gradient), {
          autoTranspose: true,
        })
        const among = leftSingularVectors.transpose().mmul(part(step)).mmul(rightSingularVectors).div(scale)
        for (const [i, size] of diagonal.entries()) {
          for (let j = 0; j < diagonal.length; j++) {
            if (i !== j) expect(Math.abs(among.get(i, j))).toBeLessThan(0.02)
          }
          // The iteration stops near one; only directions with next to no gradient are left behind.
          if (size > 0.05 * diagonal[0]!) {
            expect(among.get(i, i)).toBeGreaterThan(0.6)
            expect(among.get(i, i)).toBeLessThan(1.25)
          }
        }
        left += width
      }
    },
  )
})

test('the momentum keeps 0.95 of what it was at each step', async () => {
  const trainer = await createTrainer({ architecture: MICRO, ...shape, from: 7, threads: 1 })
  const name = 'layer0.attentionOutput'
  // At rate 0 nothing moves, so the gradient stays the same.
  for (let step = 0; step < 2; step++) await trainer.step(microBatch(8), 0)
  const twice = trainer.state(`${name}.m`)
  await trainer.step(microBatch(8), 0)
  const thrice = trainer.state(`${name}.m`)
  for (const [i, value] of twice.entries()) {
    const gradient = value / 1.95
    expect(thrice[i]).toBeCloseTo(0.95 * value + gradient, 6)
  }
  await trainer.close()
})
