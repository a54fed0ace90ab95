import { describe, expect, it } from 'vitest'
import { bfloat16, exponentOf } from '../../../shared/proof/toploc/bfloat16.ts'
import { compareChunk, proveChunk } from '../../../shared/proof/toploc/chunk.ts'
import { evaluate, PRIME } from '../../../shared/proof/toploc/field.ts'
import { injectiveModulus, interpolate } from '../../../shared/proof/toploc/interpolate.ts'
import { largestMagnitudes } from '../../../shared/proof/toploc/largest.ts'
import {
  decodeProof,
  encodeProof,
  proofFromBase64,
  proofToBase64,
} from '../../../shared/proof/toploc/proof-bytes.ts'
import vectors from './toploc.json' with { type: 'json' }
import { drawValues, fromBfloat16 } from './toploc-rows.ts'

const decoded = (text: string, count: number) => {
  const read = proofFromBase64(text, count)
  if ('reason' in read) throw new Error(read.reason)
  return read.proof
}

function patternsOf(base64: string): number[] {
  const bytes = Buffer.from(base64, 'base64')
  return Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readUInt16BE(2 * i))
}

const valuesOf = (base64: string) => Float32Array.from(patternsOf(base64), fromBfloat16)

describe("the README's proofs, over four values each", () => {
  const { readme } = vectors
  const answer = valuesOf(readme.answer)
  const step = readme.batch * readme.width
  const chunks = [valuesOf(readme.prompt)]
  for (let at = 0; at < answer.length; at += step) chunks.push(answer.subarray(at, at + step))

  it('has a proof a chunk', () => {
    expect(chunks).toHaveLength(readme.proofs.length)
  })

  it.each(readme.proofs.map((text, i) => [i, text] as const))('are made: chunk %i', (i, text) => {
    const values = chunks[i]!
    const indices = largestMagnitudes(values, readme.count)
    const modulus = injectiveModulus(indices)
    const xs = indices.map((index) => index % modulus)
    const ys = indices.map((index) => bfloat16(values[index]!))
    expect(proofToBase64({ modulus, coefficients: interpolate(xs, ys) })).toBe(text)
  })

  it.each(readme.jittered.map((jitter, i) => [i, jitter] as const))('are read: chunk %i', (i, jitter) => {
    const values = valuesOf(jitter.values)
    const proof = decoded(readme.proofs[i]!, readme.count)
    const errors = Array.from(largestMagnitudes(values, readme.count), (index) => {
      const claimed = evaluate(proof.coefficients, index % proof.modulus)
      return Math.abs(claimed - bfloat16(values[index]!))
    })
    expect(errors.reduce((sum, error) => sum + error) / readme.count).toBe(jitter.errors.mantissaMean)
  })
})

describe('points', () => {
  it.each(vectors.points)('$name', ({ indices, patterns, modulus, proof }) => {
    expect(injectiveModulus(indices)).toBe(modulus)
    const coefficients = interpolate(
      indices.map((index) => index % modulus),
      patterns,
    )
    expect(proofToBase64({ modulus, coefficients })).toBe(proof)
  })
})

describe.each(vectors.chunks)(
  'chunk of $name',
  ({ values: size, count, seed, modulus, proof, verifications }) => {
    it('is proven byte for byte', () => {
      const made = proveChunk(drawValues(size, seed))
      expect(made.modulus).toBe(modulus)
      expect(proofToBase64(made)).toBe(proof)
    })

    it.each(verifications)('is verified against %j', ({ errors, ...change }) => {
      const found = compareChunk(drawValues(size, seed, change), decoded(proof, count))
      expect(found).toEqual({ count, ...errors })
    })
  },
)

it('has chunks that read otherwise where indices are not reduced by their modulus', () => {
  const past = vectors.chunks.filter((chunk) => chunk.modulus < PRIME)
  expect(past.length).toBeGreaterThan(1)
  for (const { values: size, count, seed, proof, pythonMismatches } of past) {
    const values = drawValues(size, seed)
    const { coefficients } = decoded(proof, count)
    const strangers = largestMagnitudes(values, count).filter(
      (index) => exponentOf(evaluate(coefficients, index % PRIME)) !== exponentOf(bfloat16(values[index]!)),
    )
    expect(strangers.length).toBe(pythonMismatches)
  }
})

it('rounds to bfloat16', () => {
  const bytes = Buffer.from(vectors.bfloat16.float32, 'base64')
  const rounded = Array.from({ length: bytes.length / 4 }, (_, i) => bfloat16(bytes.readFloatBE(4 * i)))
  expect(rounded).toEqual(patternsOf(vectors.bfloat16.bfloat16))
})

it('reads and writes the same bytes', () => {
  for (const { proof, count } of vectors.chunks) {
    const bytes = Buffer.from(proof, 'base64')
    const read = decodeProof(bytes, count)
    expect('proof' in read && Buffer.from(encodeProof(read.proof)).equals(bytes)).toBe(true)
  }
})

it("refuses the reference's null proof", () => {
  expect(proofFromBase64(vectors.null, 128)).toEqual({ reason: expect.stringContaining('modulus 0') })
})
