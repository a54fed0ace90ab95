import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../shared/inference/random.ts'
import { bfloat16, exponentOf, mantissaOf } from '../../../shared/proof/toploc/bfloat16.ts'
import {
  type ChunkErrors,
  compareChunk,
  excessOf,
  proveChunk,
  REFERENCE_THRESHOLDS,
} from '../../../shared/proof/toploc/chunk.ts'
import { evaluate, invert, multiplyAdd, PRIME } from '../../../shared/proof/toploc/field.ts'
import { injectiveModulus } from '../../../shared/proof/toploc/interpolate.ts'
import { largestMagnitudes } from '../../../shared/proof/toploc/largest.ts'
import { decodeProof, encodeProof, proofFromBase64 } from '../../../shared/proof/toploc/proof-bytes.ts'

describe('field', () => {
  it('multiplies and adds as big integers do, up to the largest elements', () => {
    const elements = [0, 1, 2, 255, 32768, 40000, PRIME - 2, PRIME - 1]
    for (const a of elements)
      for (const b of elements)
        for (const c of elements)
          expect(multiplyAdd(a, b, c)).toBe(Number((BigInt(a) * BigInt(b) + BigInt(c)) % BigInt(PRIME)))
  })

  it('inverts every element but 0', () => {
    let wrong = 0
    for (let a = 1; a < PRIME; a++) if (multiplyAdd(a, invert(a), 0) !== 1) wrong++
    expect(wrong).toBe(0)
  })

  it('evaluates the first coefficients only where told', () => {
    expect(evaluate(Uint16Array.of(3, 2, 1), 10)).toBe(123)
    expect(evaluate(Uint16Array.of(3, 2, 1), 10, 2)).toBe(23)
  })
})

describe('bfloat16', () => {
  it('rounds ties to even', () => {
    expect(bfloat16(1 + 2 ** -8)).toBe(0x3f80)
    expect(bfloat16(1 + 3 * 2 ** -8)).toBe(0x3f82)
    expect(bfloat16(-(1 + 3 * 2 ** -8))).toBe(0xbf82)
  })

  it('has one NaN, which is no negative zero', () => {
    const widest = new Float32Array(Uint32Array.of(0x7fffffff).buffer)[0]!
    expect(bfloat16(widest)).toBe(0x7fc0)
  })

  it('falls apart into exponent and mantissa', () => {
    const pattern = bfloat16(-1.5 * 2 ** 10)
    expect([exponentOf(pattern), mantissaOf(pattern)]).toEqual([137, 64])
  })
})

describe('largest magnitudes', () => {
  it('takes the lower index of equal magnitudes, whatever the sign', () => {
    expect([...largestMagnitudes(Float32Array.of(1, -2, 2, -1, 2, 1), 4)]).toEqual([0, 1, 2, 4])
  })

  it('keeps to that when all values are equal and there are more than fit at a time', () => {
    expect([...largestMagnitudes(new Float32Array(500).fill(-3), 5)]).toEqual([0, 1, 2, 3, 4])
  })

  it('finds them in values that rise, which fill the candidates again and again', () => {
    const values = Float32Array.from({ length: 3000 }, (_, i) => i)
    expect([...largestMagnitudes(values, 3)]).toEqual([2997, 2998, 2999])
  })

  it('looks at a part of a longer buffer only', () => {
    const values = Float32Array.of(9, 1, 3, 2, 9).subarray(1, 4)
    expect([...largestMagnitudes(values, 1)]).toEqual([1])
  })
})

describe('a chunk', () => {
  const random = seededRandom(4)
  const values = Float32Array.from({ length: 1000 }, () => (random() - 0.5) ** 3)

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'with %d is not proven',
    (value) => {
      const broken = values.slice()
      broken[700] = value
      expect(() => proveChunk(broken)).toThrow(expect.objectContaining({ code: 'HIDDEN_NOT_FINITE' }))
      expect(() => compareChunk(broken, proveChunk(values))).toThrow(/at 700/)
    },
  )

  it('in which the largest float32 is proven comes back as the infinity that bfloat16 makes of it', () => {
    const wide = values.slice()
    wide[5] = -3.4028234663852886e38
    expect(evaluate(proveChunk(wide).coefficients, 5)).toBe(0xff80)
  })

  it('of fewer values than a proof usually covers has a shorter proof', () => {
    expect(encodeProof(proveChunk(values)).length).toBe(258)
    expect(encodeProof(proveChunk(values.subarray(0, 20))).length).toBe(42)
  })

  it('that is equal but for the signs passes: TOPLOC does not compare them', () => {
    const errors = compareChunk(
      values.map((value) => -value),
      proveChunk(values),
    )
    expect(errors).toEqual({ count: 128, exponentMismatches: 0, mantissaMean: 0, mantissaMedian: 0 })
  })
})

it('refuses indices that no modulus keeps apart', () => {
  expect(() => injectiveModulus([4, 4])).toThrow(expect.objectContaining({ code: 'TOPLOC_NO_MODULUS' }))
})

describe('malformed proofs', () => {
  const words = (...values: number[]) => Uint8Array.from(values.flatMap((value) => [value >> 8, value & 255]))
  const decode = (...values: number[]) => decodeProof(words(...values), 2)

  it.each<[string, ...number[]]>([
    ['modulus 0', 0, 1, 2],
    ['modulus 32768', 32768, 1, 2],
    ['modulus 65498', PRIME + 1, 1, 2],
    ['coefficient 65497 at 0', PRIME, PRIME, 2],
    ['coefficient 65535 at 1', PRIME, 1, 65535],
    ['4 bytes where 2 values take 6', PRIME, 1],
    ['8 bytes where 2 values take 6', PRIME, 1, 2, 3],
  ])('are refused: %s', (reason, ...values) => {
    expect(decode(...values)).toEqual({ reason: expect.stringContaining(reason) })
  })

  it('are told from the outermost good ones', () => {
    expect(decode(PRIME, PRIME - 1, 0)).toHaveProperty('proof.modulus', PRIME)
    expect(decode(32769, 0, 0)).toHaveProperty('proof.modulus', 32769)
  })

  it.each(['/9kAAwAB AAA', '/9kAAwABAAA', '/9kAAwABAAA=\n', '_9kAAwABAAA='])(
    'are refused as text: %j',
    (text) => {
      expect(proofFromBase64('/9kAAwABAAA=', 3)).toHaveProperty('proof')
      expect(proofFromBase64(text, 3)).toEqual({ reason: 'proof is not base64' })
    },
  )
})

describe("the reference's thresholds", () => {
  const good: ChunkErrors = { count: 128, exponentMismatches: 38, mantissaMean: 10, mantissaMedian: 8 }
  const excess = (change: Partial<ChunkErrors>) => excessOf({ ...good, ...change }, REFERENCE_THRESHOLDS)

  it('hold what they name', () => {
    expect(excess({})).toBeUndefined()
    expect(excess({ exponentMismatches: 39 })).toBe('39 of 128 exponents differ')
    expect(excess({ mantissaMean: 10.01 })).toBe('mantissas differ by 10.0 on average')
    expect(excess({ mantissaMedian: 9 })).toBe('mantissas differ by 9 in the median')
  })

  it('shrink with a chunk that has fewer values', () => {
    expect(excess({ count: 64, exponentMismatches: 19 })).toBeUndefined()
    expect(excess({ count: 64, exponentMismatches: 20 })).toBe('20 of 64 exponents differ')
  })
})
