import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomSubnet } from '../../../scripts/bench/yuma/random-subnet.ts'
import { exponential } from '../../../shared/consensus/yuma/exponential.ts'
import { fastExponential, fastLiquidAlphaOf } from '../../../shared/consensus/yuma/fast/liquid-alpha.ts'
import { medianFinder } from '../../../shared/consensus/yuma/fast/median.ts'
import {
  divide,
  fromProportion,
  multiply,
  ONE,
  ratio,
  toProportion,
} from '../../../shared/consensus/yuma/fast/number.ts'
import * as exact from '../../../shared/consensus/yuma/fixed-point.ts'
import { liquidAlphaOf } from '../../../shared/consensus/yuma/reference/bonds.ts'
import { weightedMedian } from '../../../shared/consensus/yuma/reference/median.ts'
import { runReferenceEpoch } from '../../../shared/consensus/yuma/reference/run-epoch.ts'
import { runEpoch } from '../../../shared/consensus/yuma/run-epoch.ts'
import { seededRandom } from '../../../shared/inference/random.ts'

const RUNS = { numRuns: 3_000 }
const signed = (bits: number) => {
  const limit = 2 ** bits - 1
  return fc.oneof(fc.maxSafeInteger(), fc.integer()).map((n) => n % limit)
}
/** Bits of a fraction of 1: anything, the ends, and what is a few steps from them. */
const fraction = fc.oneof(
  fc.maxSafeNat().map((n) => n % (ONE + 1)),
  fc.constantFrom(0, 1, 2, ONE / 2, ONE - 1, ONE),
)

describe('fixed-point numbers in doubles equal those in integers', () => {
  it('in products, signs and all', () => {
    fc.assert(
      fc.property(signed(52), signed(32), (x, y) => {
        expect(BigInt(multiply(x, y))).toBe(exact.multiply(BigInt(x), BigInt(y)))
        expect(BigInt(multiply(y, x))).toBe(exact.multiply(BigInt(x), BigInt(y)))
      }),
      RUNS,
    )
  })

  it('in products of two large factors', () => {
    fc.assert(
      fc.property(signed(42), signed(41), (x, y) => {
        expect(BigInt(multiply(x, y))).toBe(exact.multiply(BigInt(x), BigInt(y)))
      }),
      RUNS,
    )
  })

  it.each([32, 37, 38, 45, 46, 51])('in quotients by divisors of up to %i bits', (bits) => {
    const divisor = fc.maxSafeNat().map((n) => 1 + (n % (2 ** bits - 1)))
    fc.assert(
      fc.property(divisor, fc.maxSafeNat(), fc.nat({ max: 3 }), (y, part, nearby) => {
        for (const x of [part % (y + 1), Math.max(0, y - nearby)]) {
          expect(BigInt(divide(x, y))).toBe(exact.safeDivide(BigInt(x), BigInt(y)))
        }
      }),
      RUNS,
    )
  })

  it('in ratios and proportions', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 65_535 }),
        fc.integer({ min: 1, max: 2 ** 31 }),
        (part, whole) => {
          expect(BigInt(ratio(part, whole))).toBe(
            exact.safeDivide(exact.fromInteger(part), BigInt(whole) << 32n),
          )
          expect(BigInt(fromProportion(part))).toBe(exact.fromProportion(part))
        },
      ),
      RUNS,
    )
    fc.assert(
      fc.property(fraction, (value) => {
        expect(toProportion(value)).toBe(exact.toProportion(BigInt(value)))
      }),
      RUNS,
    )
  })

  it('in powers of e', () => {
    fc.assert(
      fc.property(
        signed(53).map((n) => n % (13 * ONE + 1)),
        (x) => {
          expect(BigInt(fastExponential(x))).toBe(exponential(BigInt(x)))
        },
      ),
      RUNS,
    )
    for (const x of [0, ONE, -ONE, 13 * ONE, -13 * ONE, 1, -1]) {
      expect(BigInt(fastExponential(x))).toBe(exponential(BigInt(x)))
    }
  })

  it('in liquid alphas of every steepness', () => {
    const share = fc.integer({ min: 0, max: 65_535 })
    const steepness = fc.integer({ min: -32_768, max: 32_767 })
    fc.assert(
      fc.property(share, share, steepness, fraction, fraction, fraction, (low, high, steep, c, w, b) => {
        const parameters = { alphaLow: low, alphaHigh: high, alphaSigmoidSteepness: steep }
        const alpha = liquidAlphaOf(parameters)(BigInt(c), BigInt(w), BigInt(b))
        expect(BigInt(fastLiquidAlphaOf(parameters)(c, w, b))).toBe(alpha)
      }),
      RUNS,
    )
  })

  it('in weighted medians', () => {
    const voter = fc.tuple(fraction, fc.oneof(fraction, fc.constantFrom(1, 2, 3)))
    fc.assert(
      fc.property(
        fc.array(voter, { maxLength: 40 }),
        fc.integer({ min: -1_000, max: 66_000 }),
        (voters, share) => {
          const total = voters.reduce((sum, [stake]) => sum + stake, 0)
          const minority = Math.floor((total * share) / 65_535)
          const [stake, score] = [voters.map(([s]) => s), voters.map(([, s]) => s)]
          const fast = medianFinder(Float64Array.from(stake), minority)(Float64Array.from(score))
          expect(BigInt(fast)).toBe(weightedMedian(stake.map(BigInt), score.map(BigInt), BigInt(minority)))
        },
      ),
      RUNS,
    )
  })
})

describe('an epoch in doubles equals one in integers', () => {
  const checkAll = (seed: number, sizes: readonly number[]) => {
    const random = seededRandom(seed)
    for (const [index, size] of sizes.entries()) {
      const input = randomSubnet(random, size)
      expect(runEpoch(input), `subnet ${index} of ${size} neurons`).toEqual(runReferenceEpoch(input))
    }
  }

  it('on small subnets', () => {
    const sizes = Array.from({ length: 600 }, (_, index) => 1 + (index % 40))
    checkAll(1, sizes)
  })

  it('on a large one of each kind', () => {
    checkAll(2, [128, 200, 256, 256])
  })
})
