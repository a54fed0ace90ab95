import { expect, test } from 'vitest'
import { onAttentionGrid } from '../../../shared/inference/model/attention-grid.ts'
import { createOwnRuntime } from '../../../shared/inference/model/own-runtime.ts'
import type { Weights } from '../../../shared/inference/model/weights.ts'
import type { Precision } from '../../../shared/inference/precision.ts'
import { below, seededRandom } from '../../../shared/inference/random.ts'
import { TINY, tinyWeights } from '../../unit/inference/tiny-model.ts'

const weights = tinyWeights(4)
const PROMPT = 8

function sequence(seed: number, length: number): number[] {
  const random = seededRandom(seed)
  return Array.from({ length }, () => below(random, TINY.vocabularySize))
}

const open = (model: Weights, precision: Precision) =>
  createOwnRuntime({ architecture: TINY, weights: model, precision, threads: 1, maxBatch: 4, now: () => 0 })

/** Hidden states of a sequence as one reading gives them, and as four sequences beside each other decode them. */
async function readAndDecoded(precision: Precision) {
  const runtime = await open(weights, precision)
  const sequences = [0, 1, 2, 3].map((seed) => sequence(seed, 140))
  const opened = sequences.map(() => runtime.open())
  await runtime.extend(
    sequences.map((tokens, i) => ({ sequence: opened[i]!, tokens: tokens.slice(0, PROMPT) })),
    false,
  )
  const pairs: { read: Float32Array; decoded: Float32Array }[] = []
  const whole: Float32Array[] = []
  for (const tokens of sequences) whole.push((await runtime.read([tokens], true)).hidden!)
  for (let row = PROMPT; row < 140; row++) {
    const fed = sequences.map((tokens) => tokens[row]!)
    const { hidden } = await runtime.step(opened, fed, true)
    for (const [i, read] of whole.entries()) {
      const rowOf = (rows: Float32Array, at: number) => rows.slice(at * TINY.width, (at + 1) * TINY.width)
      pairs.push({ read: rowOf(read, row), decoded: rowOf(hidden!, i) })
    }
  }
  await runtime.close()
  return pairs
}

test('scaling the values to the grid changes no bit of what the model computes', async () => {
  const [plain, scaled] = [await open(weights, 'fp32'), await open(onAttentionGrid(TINY, weights), 'fp32')]
  const tokens = sequence(9, 60)
  expect(await scaled.read([tokens], true)).toEqual(await plain.read([tokens], true))
  await plain.close()
  await scaled.close()
})

test('steps are powers of two near a fraction of the values’ deviation', () => {
  const scaled = onAttentionGrid(TINY, weights)
  for (let layer = 0; layer < TINY.layers; layer++) {
    const [before, after] = [weights, scaled].map((model) => model.get(`layer${layer}.attentionOutput`)!)
    const steps = new Set(before!.map((weight, i) => after![i]! / weight))
    expect(steps.size).toBe(1)
    const [step] = steps
    expect(Number.isInteger(Math.log2(step!))).toBe(true)
    // Untrained values have a deviation of 1.
    expect(step).toBeGreaterThanOrEqual(1 / 64)
    expect(step).toBeLessThanOrEqual(1 / 16)
  }
})

test('decoding gives most rows to the bit as reading does, which float32 hardly ever manages', async () => {
  const exactShare = (pairs: Awaited<ReturnType<typeof readAndDecoded>>) =>
    pairs.filter(({ read, decoded }) => read.every((value, i) => value === decoded[i])).length / pairs.length
  const packed = exactShare(await readAndDecoded('q4b32a8'))
  const plain = exactShare(await readAndDecoded('fp32'))
  console.log(`rows equal to the bit: ${packed.toFixed(3)} in q4b32a8, ${plain.toFixed(3)} in fp32`)
  expect(packed).toBeGreaterThan(0.5)
  expect(plain).toBeLessThan(0.1)
})
