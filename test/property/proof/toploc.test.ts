import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bfloat16 } from '../../../shared/proof/toploc/bfloat16.ts'
import { compareChunk, proveChunk, REFERENCE_THRESHOLDS } from '../../../shared/proof/toploc/chunk.ts'
import { evaluate, PRIME } from '../../../shared/proof/toploc/field.ts'
import { checkAnswer } from '../../../shared/proof/toploc/hidden-chunks.ts'
import { injectiveModulus, interpolate } from '../../../shared/proof/toploc/interpolate.ts'
import { largestMagnitudes } from '../../../shared/proof/toploc/largest.ts'
import {
  decodeProof,
  encodeProof,
  proofFromBase64,
  proofToBase64,
} from '../../../shared/proof/toploc/proof-bytes.ts'

const finite = fc.float({ noNaN: true, noDefaultInfinity: true })
const chunk = fc.array(finite, { minLength: 1, maxLength: 300 }).map((values) => Float32Array.from(values))
/** Values of which many share a magnitude. */
const tied = fc
  .array(fc.constantFrom(-3, -2, -1, 0, 1, 2, 3), { minLength: 1, maxLength: 300 })
  .map((values) => Float32Array.from(values))
const points = fc.uniqueArray(fc.nat({ max: 4_000_000 }), { minLength: 1, maxLength: 64 }).chain((indices) =>
  fc.tuple(
    fc.constant(indices),
    fc.array(fc.nat({ max: PRIME - 1 }), { minLength: indices.length, maxLength: indices.length }),
    fc.shuffledSubarray(
      indices.map((_, i) => i),
      { minLength: indices.length },
    ),
  ),
)
/** 32 rows with values of both signs and of many magnitudes. */
const rows = { width: 20, answer: Float32Array.from({ length: 640 }, (_, i) => Math.sin(i) ** 5) }
const thresholds = { prompt: REFERENCE_THRESHOLDS, answer: REFERENCE_THRESHOLDS }

describe('interpolation', () => {
  it('goes through every point, in whatever order they come', () => {
    fc.assert(
      fc.property(points, ([indices, ys, order]) => {
        const modulus = injectiveModulus(indices)
        const xs = indices.map((index) => index % modulus)
        const coefficients = interpolate(xs, ys)
        expect(xs.map((x) => evaluate(coefficients, x))).toEqual(ys)
        const shuffled = interpolate(
          order.map((i) => xs[i]!),
          order.map((i) => ys[i]!),
        )
        expect(shuffled).toEqual(coefficients)
      }),
    )
  })
})

describe('bfloat16', () => {
  const numberOf = (pattern: number) => new Float32Array(Uint32Array.of(pattern << 16).buffer)[0]!

  it('takes the nearer neighbour, or the even one of two that are as near', () => {
    fc.assert(
      fc.property(
        fc.float({ noNaN: true, min: Math.fround(-3.38e38), max: Math.fround(3.38e38) }),
        (value) => {
          const rounded = bfloat16(value)
          const distance = Math.abs(numberOf(rounded) - value)
          // Of the same sign the neighbours' patterns are one apart; the smallest magnitude has one neighbour only.
          for (const neighbour of [rounded + 1, rounded - 1]) {
            if (neighbour >>> 15 !== rounded >>> 15) continue
            const other = Math.abs(numberOf(neighbour) - value)
            expect(distance).toBeLessThanOrEqual(other)
            if (distance === other) expect(rounded & 1).toBe(0)
          }
        },
      ),
    )
  })
})

describe('largest magnitudes', () => {
  it('are what sorting gives', () => {
    fc.assert(
      fc.property(fc.oneof(chunk, tied), fc.nat({ max: 40 }), (values, wanted) => {
        const count = Math.min(wanted + 1, values.length)
        const sorted = [...values.keys()].sort((a, b) => Math.abs(values[b]!) - Math.abs(values[a]!) || a - b)
        expect([...largestMagnitudes(values, count)]).toEqual(sorted.slice(0, count).sort((a, b) => a - b))
      }),
    )
  })

  it('have the magnitudes that the largest of the rounded values have', () => {
    fc.assert(
      fc.property(chunk, (values) => {
        const rounded = [...values].map((value) => bfloat16(value) & 0x7fff)
        const count = Math.min(16, values.length)
        const ours = Array.from(largestMagnitudes(values, count), (index) => rounded[index]!)
        const theirs = rounded.sort((a, b) => b - a).slice(0, count)
        expect(ours.sort((a, b) => b - a)).toEqual(theirs)
      }),
    )
  })
})

describe('proof of a chunk', () => {
  it('survives bytes and text, and finds no difference to its own values', () => {
    fc.assert(
      fc.property(fc.oneof(chunk, tied), (values) => {
        const proof = proveChunk(values)
        const count = Math.min(128, values.length)
        expect(decodeProof(encodeProof(proof), count)).toEqual({ proof })
        expect(proofFromBase64(proofToBase64(proof), count)).toEqual({ proof })
        expect(compareChunk(values, proof)).toEqual({
          count,
          exponentMismatches: 0,
          mantissaMean: 0,
          mantissaMedian: 0,
        })
      }),
    )
  })

  it('says nothing else after a permutation among values of equal magnitude', () => {
    const magnitudes = fc.tuple(tied, fc.infiniteStream(fc.boolean()))
    fc.assert(
      fc.property(magnitudes, ([values, signs]) => {
        const proof = proveChunk(values)
        const turned = values.map((value) => (signs.next().value ? -value : value))
        expect([...largestMagnitudes(turned, proof.coefficients.length)]).toEqual([
          ...largestMagnitudes(values, proof.coefficients.length),
        ])
        expect(compareChunk(turned, proof).mantissaMean).toBe(0)
        expect(compareChunk(turned, proof).exponentMismatches).toBe(0)
      }),
    )
  })

  it('is told from one with another coefficient', () => {
    fc.assert(
      fc.property(fc.nat({ max: 127 }), fc.integer({ min: 1, max: PRIME - 1 }), (at, by) => {
        const { modulus, coefficients } = proveChunk(rows.answer)
        const changed = coefficients.slice()
        changed[at] = (changed[at]! + by) % PRIME
        const { exponentMismatches, mantissaMean } = compareChunk(rows.answer, {
          modulus,
          coefficients: changed,
        })
        expect(exponentMismatches + mantissaMean).toBeGreaterThan(0)
        // The constant term moves every value by as much; any other scatters them.
        const proof = encodeProof({ modulus, coefficients: changed })
        if (at > 0) expect(checkAnswer([proof], rows, thresholds).verdict).toBe('reject')
      }),
    )
  })
})

describe('bytes of a stranger', () => {
  const bytes = fc.uint8Array({ minLength: 258, maxLength: 258 })

  it('never crash, and are refused', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(bytes, fc.uint8Array({ maxLength: 300 })), { maxLength: 3 }),
        (proofs) => {
          expect(checkAnswer(proofs, rows, thresholds).verdict).toBe('reject')
        },
      ),
    )
  })

  it('are refused though they are well formed', () => {
    const coefficients = fc.array(fc.nat({ max: PRIME - 1 }), { minLength: 128, maxLength: 128 })
    fc.assert(
      fc.property(coefficients, fc.integer({ min: 32769, max: PRIME }), (drawn, modulus) => {
        const proof = encodeProof({ modulus, coefficients: Uint16Array.from(drawn) })
        const found = checkAnswer([proof], rows, thresholds)
        expect(found.verdict).toBe('reject')
        expect(found.chunks).toHaveLength(1)
      }),
    )
  })

  it('as text never crash', () => {
    const text = fc.oneof(fc.string({ maxLength: 50 }), fc.base64String({ minLength: 340, maxLength: 348 }))
    fc.assert(
      fc.property(text, (drawn) => {
        const read = proofFromBase64(drawn, 128)
        if ('proof' in read) expect(proofToBase64(read.proof)).toBe(drawn)
        else expect(read.reason).not.toBe('')
      }),
    )
  })
})
