import { describe, expect, it } from 'vitest'
import { isMaxLimited, maxUpscale } from '../../../shared/chain/weight-rules/chain-numbers.ts'
import { shapeWeights } from '../../../shared/chain/weight-rules/shape-weights.ts'

const open = { neurons: 5, minAllowedWeights: 0, maxWeightLimit: 65_535 }
const scores = (...values: number[]) => values.map((score, uid) => ({ uid, score }))

describe('shapeWeights', () => {
  it('leaves out zeros, and names them only where the subnet asks for more entries', () => {
    expect(shapeWeights(scores(0, 1, 0, 0.25), open)).toEqual({ uids: [1, 3], weights: [65_535, 16_384] })
    expect(shapeWeights(scores(0, 1, 0, 0.25), { ...open, minAllowedWeights: 3 })).toEqual({
      uids: [0, 1, 3],
      weights: [0, 65_535, 16_384],
    })
    // Subtensor's default asks for 1024; the chain asks for no more than there are neurons.
    const all = shapeWeights(scores(0, 1), { ...open, minAllowedWeights: 1_024 })
    expect(all).toEqual({ uids: [0, 1, 2, 3, 4], weights: [0, 65_535, 0, 0, 0] })
    expect(shapeWeights(scores(0, 0), { ...open, minAllowedWeights: 3 })).toEqual({ uids: [], weights: [] })
  })

  it('cuts what is above the limit, and keeps the proportions of the rest', () => {
    // Half of the sum: 1 is cut to 0.2 + 0.1 + 0.1.
    const half = { ...open, maxWeightLimit: 32_768 }
    const cut = shapeWeights(scores(1, 0.2, 0.1, 0.1), half)
    expect(cut).toEqual({ uids: [0, 1, 2, 3], weights: [65_535, 32_767, 16_384, 16_384] })
    expect(isMaxLimited(cut.weights, 32_768)).toBe(true)
    // A third and a bit: two are cut; 65535² / 21846 is a little more than 2 · 65535 + 65526.
    const third = shapeWeights(scores(1, 0.5, 0.1), { ...open, maxWeightLimit: 21_846 })
    expect(third.weights).toEqual([65_535, 65_535, 65_527])
    // Below it nothing changes.
    const even = scores(1, 1, 0.9)
    expect(shapeWeights(even, half)).toEqual(shapeWeights(even, open))
  })

  it('leaves weights above a limit that so few scores cannot keep', () => {
    const { weights } = shapeWeights(scores(1, 0.5), { ...open, maxWeightLimit: 20_000 })
    expect(weights).toEqual([65_535, 32_768])
    expect(isMaxLimited(weights, 20_000)).toBe(false)
  })
})

describe('the chain’s numbers', () => {
  it('scale the greatest to 65535, and round a half up', () => {
    expect(maxUpscale([1, 2])).toEqual([32_768, 65_535])
    expect(maxUpscale([3, 1, 1])).toEqual([65_535, 21_845, 21_845])
    expect(maxUpscale([65_535, 1, 0])).toEqual([65_535, 1, 0])
    expect(maxUpscale([0, 0])).toEqual([0, 0])
    expect(maxUpscale([])).toEqual([])
  })

  it('compare shares in 32 bits of fraction', () => {
    expect(isMaxLimited([1, 1], 32_767)).toBe(false)
    expect(isMaxLimited([1, 1], 32_768)).toBe(true)
    expect(isMaxLimited([0, 0], 0)).toBe(true)
    expect(isMaxLimited([65_535], 65_534)).toBe(false)
  })
})
