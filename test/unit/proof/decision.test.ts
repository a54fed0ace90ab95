import { describe, expect, it } from 'vitest'
import { checkShape, decideReplay, FP32_MARGIN } from '../../../shared/proof/decision.ts'

const limits = { maxTokens: 4, stopTokens: [0], vocabularySize: 100 }

describe('decideReplay', () => {
  it('accepts margins within the tolerance', () => {
    expect(decideReplay([0, 1e-6, FP32_MARGIN], FP32_MARGIN).verdict).toBe('accept')
  })

  it('rejects on one margin above it and names the token', () => {
    expect(decideReplay([0, 2e-4, 0], FP32_MARGIN)).toMatchObject({ verdict: 'reject', reason: /token 1/ })
  })

  it('rejects a token outside of top-k or top-p', () => {
    expect(decideReplay([Number.POSITIVE_INFINITY], FP32_MARGIN).verdict).toBe('reject')
  })

  it('never punishes for a replay that gave no number', () => {
    expect(decideReplay([0, Number.NaN, 5], FP32_MARGIN).verdict).toBe('inconclusive')
  })
})

describe('checkShape', () => {
  it('accepts an end token that stands last, and a full budget without one', () => {
    expect(checkShape([5, 6, 0], 'stop', limits)).toBeUndefined()
    expect(checkShape([5, 6, 7, 8], 'length', limits)).toBeUndefined()
  })

  it.each([
    ['an answer cut short', [5, 6], 'length'],
    ['a stop without end token', [5, 6], 'stop'],
    ['an end token in the middle', [5, 0, 6], 'stop'],
    ['an end token called length', [5, 6, 7, 0], 'length'],
    ['a token that does not exist', [5, 100, 0], 'stop'],
    ['more tokens than asked for', [5, 6, 7, 8, 9], 'length'],
  ] as const)('refuses %s', (_name, tokens, finish) => {
    expect(checkShape(tokens, finish, limits)).toBeTypeOf('string')
  })
})
