import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gaussian, seededRandom } from '../../../shared/inference/random.ts'
import { bandingRecall, candidatePairs } from '../../../shared/similarity/lsh-index.ts'
import {
  estimateJaccard,
  MINHASH_VALUES,
  minhash,
  SHINGLE_TOKENS,
} from '../../../shared/similarity/minhash.ts'
import {
  estimateCosine,
  hammingDistance,
  hyperplanes,
  SIMHASH_BITS,
  SIMHASH_BYTES,
  simhash,
  similarityOf,
} from '../../../shared/similarity/simhash.ts'

const WIDTH = 16
const planes = hyperplanes(WIDTH)
/** Of a share: so far off is an honest estimate once in a hundred million. */
const far = (p: number, n: number) => 6 * Math.sqrt((p * (1 - p)) / n) + 6 / n

/** Two vectors at an angle of `angle`, from a plane that the seed picks, of lengths that do not matter. */
function atAngle(seed: number, angle: number): [Float32Array, Float32Array] {
  const random = seededRandom(seed)
  const draw = () => Array.from({ length: WIDTH }, () => gaussian(random))
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)
  const scaled = (a: number[], by: number) => a.map((value) => value * by)
  const drawn = draw()
  const a = scaled(drawn, 1 / Math.sqrt(dot(drawn, drawn)))
  const other = draw()
  const along = dot(a, other)
  const across = other.map((value, i) => value - along * a[i]!)
  const b = scaled(across, 1 / Math.sqrt(dot(across, across)))
  const turned = a.map((value, i) => Math.cos(angle) * value + Math.sin(angle) * b[i]!)
  return [Float32Array.from(scaled(a, 0.01)), Float32Array.from(scaled(turned, 70))]
}

describe('SimHash', () => {
  test('differs in the share of bits that the angle over π is', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: Math.PI, noNaN: true }), (seed, angle) => {
        const [a, b] = atAngle(seed, angle).map((vector) => simhash(vector, planes)) as [
          Uint8Array,
          Uint8Array,
        ]
        const share = hammingDistance(a, b) / SIMHASH_BITS
        const p = angle / Math.PI
        expect(Math.abs(share - p)).toBeLessThan(far(p, SIMHASH_BITS))
        expect(Math.abs(estimateCosine(a, b) - Math.cos(angle))).toBeLessThan(Math.PI * far(p, SIMHASH_BITS))
      }),
    )
  })

  test('of similarity nothing but symmetry, 1 of itself and a place in [0, 1] is promised', () => {
    const hash = fc.uint8Array({ minLength: SIMHASH_BYTES, maxLength: SIMHASH_BYTES })
    fc.assert(
      fc.property(hash, hash, (a, b) => {
        expect(similarityOf(a, a)).toBe(1)
        expect(similarityOf(a, b)).toBe(similarityOf(b, a))
        expect(similarityOf(a, b)).toBeGreaterThanOrEqual(0)
        expect(similarityOf(a, b)).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('bands', () => {
  test.each([
    [0.05, 64],
    [0.2, 64],
    [0.25, 64],
    [0.35, 128],
    [0.45, 128],
    [0.7, 256],
  ])('at p = %f, %i of them find the share of pairs that the S-curve says', (p, bands) => {
    const random = seededRandom(bands)
    const tries = 400
    let found = 0
    for (let n = 0; n < tries; n++) {
      const a = Uint8Array.from({ length: SIMHASH_BYTES }, () => Math.floor(random() * 256))
      const b = a.slice()
      for (let bit = 0; bit < SIMHASH_BITS; bit++) if (random() < p) b[bit >> 3]! ^= 1 << (bit & 7)
      found += candidatePairs([a, b], bands).length
    }
    const recall = bandingRecall(p, bands)
    expect(Math.abs(found / tries - recall)).toBeLessThan(far(recall, tries))
  })
})

describe('MinHash', () => {
  test('has a hash of its own for each value', () => {
    expect(new Set(minhash([1, 2, 3])).size).toBe(MINHASH_VALUES)
  })

  test('estimates the Jaccard index of the shingles', () => {
    const text = fc.array(fc.nat(3), { maxLength: 60 })
    fc.assert(
      fc.property(text, text, text, (shared, a, b) => {
        const [left, right] = [
          [...shared, ...a],
          [...shared, ...b],
        ]
        const truth = jaccard(shingles(left), shingles(right))
        const estimate = estimateJaccard(minhash(left), minhash(right))
        expect(Math.abs(estimate - truth)).toBeLessThan(far(truth, MINHASH_VALUES))
        if (truth === 1) expect(estimate).toBe(1)
      }),
    )
  })
})

function shingles(tokens: readonly number[]): Set<string> {
  if (tokens.length < SHINGLE_TOKENS) return new Set([tokens.join()])
  const count = tokens.length - SHINGLE_TOKENS + 1
  return new Set(Array.from({ length: count }, (_, i) => tokens.slice(i, i + SHINGLE_TOKENS).join()))
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = [...a].filter((shingle) => b.has(shingle)).length
  return both / (a.size + b.size - both)
}
