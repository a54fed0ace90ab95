import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rank } from '../../../shared/inference/rank.ts'

// Few distinct values, so that ties are common, and both zeros and infinities among them.
const logit = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 1e-45, -1e-45, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  fc.float({ noNaN: true }),
)

test('ranks as a stable sort by falling logit does', () => {
  fc.assert(
    fc.property(fc.array(logit, { minLength: 1, maxLength: 300 }), fc.nat(), (values, wish) => {
      const logits = Float32Array.from(values)
      const sorted = [...logits.keys()].sort((a, b) =>
        logits[a] === logits[b] ? a - b : logits[b]! - logits[a]!,
      )
      const count = 1 + (wish % logits.length)
      expect(rank(logits, count)).toEqual(sorted.slice(0, count))
      expect(rank(logits, logits.length)).toEqual(sorted)
    }),
    { numRuns: 400 },
  )
})
