import { StarlingError } from '../../process/errors.ts'
import { bfloat16, exponentOf, mantissaOf } from './bfloat16.ts'
import { evaluate } from './field.ts'
import { injectiveModulus, interpolate } from './interpolate.ts'
import { largestMagnitudes } from './largest.ts'
import type { ToplocProof } from './proof-bytes.ts'

/** Values that a proof covers; fewer only where a chunk has fewer. */
export const TOP = 128

/** Stands for the mantissa's error where not one exponent matched, as in the reference. */
const NO_MATCH = 2 ** 64

/** How far a proof lies from the verifier's own values. Signs are not compared, as in the reference. */
export interface ChunkErrors {
  /** Values compared. */
  readonly count: number
  /** Values whose exponents differ. */
  readonly exponentMismatches: number
  /** Over the values with equal exponents, in units of the mantissa's last bit (2^-7). */
  readonly mantissaMean: number
  /** The upper of the two in the middle. */
  readonly mantissaMedian: number
}

/** The largest errors that still pass. */
export interface ChunkThresholds {
  /** Of TOP values; in proportion for fewer. */
  readonly exponentMismatches: number
  readonly mantissaMean: number
  readonly mantissaMedian: number
}

/** What the paper's authors use for bfloat16 (`vllm_validate_poly.py`: at least 90 of 128 exponents, mean 10, median 8). */
export const REFERENCE_THRESHOLDS: ChunkThresholds = {
  exponentMismatches: 38,
  mantissaMean: 10,
  mantissaMedian: 8,
}

/** How many values of a chunk a proof covers. */
export function provenCount(values: Float32Array): number {
  return Math.min(TOP, values.length)
}

/**
 * TOPLOC's proof of a chunk of hidden states (arXiv 2501.16007): the polynomial through its largest values.
 * @param values rows × width, row-major, at least one
 * @throws StarlingError HIDDEN_NOT_FINITE, TOPLOC_NO_MODULUS
 */
export function proveChunk(values: Float32Array): ToplocProof {
  const indices = largestFinite(values)
  const modulus = injectiveModulus(indices)
  const xs = indices.map((index) => index % modulus)
  const ys = indices.map((index) => bfloat16(values[index]!))
  return { modulus, coefficients: interpolate(xs, ys) }
}

/**
 * Compares the verifier's largest values with what the proof says of their indices.
 * @param values the verifier's own chunk, of the shape that was proven
 * @throws StarlingError HIDDEN_NOT_FINITE
 */
export function compareChunk(values: Float32Array, proof: ToplocProof): ChunkErrors {
  const indices = largestFinite(values)
  const mantissaErrors: number[] = []
  for (const index of indices) {
    const own = bfloat16(values[index]!)
    const claimed = evaluate(proof.coefficients, index % proof.modulus)
    if (exponentOf(own) !== exponentOf(claimed)) continue
    mantissaErrors.push(Math.abs(mantissaOf(own) - mantissaOf(claimed)))
  }
  const matches = mantissaErrors.length
  mantissaErrors.sort((a, b) => a - b)
  return {
    count: indices.length,
    exponentMismatches: indices.length - matches,
    mantissaMean: matches === 0 ? NO_MATCH : mantissaErrors.reduce((sum, error) => sum + error) / matches,
    mantissaMedian: mantissaErrors[matches >> 1] ?? NO_MATCH,
  }
}

/** What of a chunk lies above the thresholds, as one line; undefined when it passes. */
export function excessOf(errors: ChunkErrors, thresholds: ChunkThresholds): string | undefined {
  const { count, exponentMismatches, mantissaMean, mantissaMedian } = errors
  if (exponentMismatches * TOP > thresholds.exponentMismatches * count)
    return `${exponentMismatches} of ${count} exponents differ`
  if (mantissaMean > thresholds.mantissaMean)
    return `mantissas differ by ${mantissaMean.toPrecision(3)} on average`
  if (mantissaMedian > thresholds.mantissaMedian) return `mantissas differ by ${mantissaMedian} in the median`
  return undefined
}

function largestFinite(values: Float32Array): Uint32Array {
  const indices = largestMagnitudes(values, provenCount(values))
  const stranger = indices.find((index) => !Number.isFinite(values[index]))
  if (stranger === undefined) return indices
  throw new StarlingError(
    'HIDDEN_NOT_FINITE',
    `hidden state has ${values[stranger]} at ${stranger}`,
    'run the model in a wider type, or on another device',
  )
}
