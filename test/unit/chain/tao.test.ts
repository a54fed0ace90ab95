import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatTao, parseTao } from '../../../shared/chain/tao.ts'

describe('amounts of TAO', () => {
  it.each([
    ['1', 1_000_000_000n],
    ['0.5', 500_000_000n],
    ['0.000000001', 1n],
    ['10', 10_000_000_000n],
    ['007', 7_000_000_000n],
  ])('reads %s', (text, rao) => {
    expect(parseTao(text)).toBe(rao)
  })

  it.each(['', '-1', '.5', '1.', '1e3', '1,5', '0.0000000001', '1000000000', 'Ƭ1', ' 1'])(
    'refuses %j',
    (text) => {
      expect(() => parseTao(text)).toThrow(expect.objectContaining({ code: 'AMOUNT_INVALID' }))
    },
  )

  it('come back from their text', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 999_999_999_999_999_999n }), (rao) => {
        expect(parseTao(formatTao(rao))).toBe(rao)
      }),
    )
    expect(formatTao(1_500_000_000n)).toBe('1.5')
    expect(formatTao(20_000_000_000n)).toBe('20')
  })
})
