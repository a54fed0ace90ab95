import { describe, expect, it } from 'vitest'
import { decodeWork, floorMs, matrixWeights, prefillWork } from '../../../scripts/bench/engine/floor.ts'
import type { Architecture } from '../../../shared/inference/model/architecture.ts'

const tiny: Architecture = {
  vocabularySize: 10,
  contextLength: 16,
  width: 8,
  layers: 2,
  heads: 2,
  kvHeads: 1,
  feedForward: 12,
  ropeBase: 10_000,
  normEpsilon: 1e-5,
}
/** Of one layer: queries, keys and values 8·16, output 8·8, gate and up 8·24, down 12·8. */
const LAYER = 128 + 64 + 192 + 96
const OUTPUT = 10 * 8
const NORMS = 5 * 8

describe('the floor', () => {
  it('multiplies every matrix, the tied embedding once, and no norm', () => {
    expect(matrixWeights(tiny)).toBe(2 * LAYER + OUTPUT)
  })

  it('counts weights once for a whole batch, keys and values for each sequence', () => {
    const [one, three] = [decodeWork(tiny, 1, 5), decodeWork(tiny, 3, 5)]
    // Two layers, 8 wide, 6 positions: 2 for the scores and 2 for the sum.
    const attention = 4 * 2 * 8 * 6
    expect(one.flops).toBe(2 * (2 * LAYER + OUTPUT) + attention)
    expect(three.flops).toBe(3 * one.flops)
    const weights = 4 * (2 * LAYER + OUTPUT + NORMS)
    // Two layers, keys and values, one head of 4, 5 positions.
    const cache = 4 * 2 * 2 * 4 * 5
    expect(one.bytes).toBe(weights + cache)
    expect(three.bytes).toBe(weights + 3 * cache)
  })

  it('reads a prompt with causal attention, and predicts from its last row alone', () => {
    const one = prefillWork(tiny, 1)
    expect(one.flops).toBe(decodeWork(tiny, 1, 0).flops)
    const four = prefillWork(tiny, 4)
    expect(four.flops).toBe(4 * 2 * 2 * LAYER + 2 * OUTPUT + 4 * 2 * 8 * (1 + 2 + 3 + 4))
    expect(four.bytes).toBe(one.bytes)
  })

  it('is whichever of computing and reading takes longer', () => {
    const rates = { flopsPerMs: 100, bytesPerMs: 10 }
    expect(floorMs({ flops: 1_000, bytes: 50 }, rates)).toBe(10)
    expect(floorMs({ flops: 1_000, bytes: 500 }, rates)).toBe(50)
  })
})
