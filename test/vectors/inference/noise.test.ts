import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { gumbelBound, gumbelOf, noiseBits, noiseKey, uniformOf } from '../../../shared/inference/gumbel.ts'
import { sampleToken } from '../../../shared/inference/sampler.ts'

const seed = Uint8Array.from({ length: 32 }, (_, i) => i)
const MASK = (1n << 64n) - 1n

/** The specification again, in the plainest way: SHA-256, then splitmix64's finaliser on big integers. */
function reference(position: number, token: number): bigint {
  const counter = Buffer.alloc(4)
  counter.writeUInt32BE(position)
  const digest = createHash('sha256').update('starling/gumbel/v1').update(seed).update(counter).digest()
  let z = (digest.readBigUInt64BE(0) + BigInt(token + 1) * 0x9e3779b97f4a7c15n) & MASK
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK
  return z ^ (z >> 31n)
}

describe('noise', () => {
  test('equals the specification on big integers', () => {
    const out = new Uint32Array(2)
    for (const position of [0, 1, 77, 4095]) {
      const key = noiseKey(seed, position)
      for (const token of [0, 1, 2, 97, 258, 50_000, 151_935]) {
        noiseBits(key, token, out)
        expect((BigInt(out[0]!) << 32n) | BigInt(out[1]!)).toBe(reference(position, token))
      }
    }
  })

  test('keeps its first values', () => {
    const out = new Uint32Array(2)
    const values = [0, 1, 2, 258].map((token) => {
      noiseBits(noiseKey(seed, 0), token, out)
      return gumbelOf(out)
    })
    expect(values).toMatchInlineSnapshot(`
      [
        1.8081780711538116,
        -0.5506877708241773,
        0.7970154135570892,
        -0.34405544426244866,
      ]
    `)
  })

  test('the bound without logarithms holds, also at the ends', () => {
    const out = new Uint32Array(2)
    for (const [high, low] of [
      [0, 0],
      [0xffffffff, 0xffffffff],
      [0x7fffffff, 0xffffffff],
      [0x80000000, 0],
      [0xfffffffe, 0],
    ]) {
      out.set([high!, low!])
      expect(uniformOf(out)).toBeGreaterThan(0)
      expect(uniformOf(out)).toBeLessThan(1)
      expect(gumbelOf(out)).toBeLessThanOrEqual(gumbelBound(out))
    }
    for (let token = 0; token < 20_000; token++) {
      noiseBits(noiseKey(seed, token >> 8), token, out)
      expect(gumbelOf(out)).toBeLessThanOrEqual(gumbelBound(out))
    }
  })
})

test('sampled tokens keep their values', () => {
  // Multiples of 1/64: exact in float32, so that the vector says nothing about rounding.
  const logits = Float32Array.from({ length: 259 }, (_, token) => ((token * 37) % 259) / 64)
  const draw = (temperature: number, topK: number, topP: number) =>
    Array.from({ length: 8 }, (_, position) =>
      sampleToken(logits, { temperature, topK, topP }, seed, position),
    )
  expect(draw(1, 0, 1)).toMatchInlineSnapshot(`
    [
      237,
      258,
      251,
      111,
      146,
      223,
      124,
      60,
    ]
  `)
  expect(draw(0.7, 20, 1)).toMatchInlineSnapshot(`
    [
      13,
      83,
      132,
      111,
      27,
      104,
      55,
      132,
    ]
  `)
  expect(draw(1.3, 64, 0.9)).toMatchInlineSnapshot(`
    [
      237,
      258,
      251,
      111,
      146,
      223,
      124,
      132,
    ]
  `)
  expect(draw(0, 0, 1)).toMatchInlineSnapshot(`
    [
      6,
      6,
      6,
      6,
      6,
      6,
      6,
      6,
    ]
  `)
})
