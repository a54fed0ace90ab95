import { hasCode } from '../../process/errors.ts'
import type { AuditDecision } from '../decision.ts'
import {
  type ChunkErrors,
  type ChunkThresholds,
  compareChunk,
  excessOf,
  proveChunk,
  provenCount,
} from './chunk.ts'
import { decodeProof, encodeProof, type ToplocProof } from './proof-bytes.ts'

/** Rows of the decode phase in one chunk, as in the reference. */
export const CHUNK_ROWS = 32

/** The final-norm hidden states of one answer, each row-major with `width` values a row. */
export interface AnswerRows {
  readonly width: number
  /** All rows of the prompt, where the chunk of the prompt is proven too; its last row is the one that sampled token 0. */
  readonly prompt?: Float32Array
  /** Row t belongs to the step that sampled token t. */
  readonly answer: Float32Array
}

export interface AnswerThresholds {
  /** Prefill and decode run through different kernels, so their honest errors differ. */
  readonly prompt: ChunkThresholds
  readonly answer: ChunkThresholds
}

export interface AnswerCheck extends AuditDecision {
  /** One a chunk in order, up to the first that can't be compared; none where a proof is malformed. */
  readonly chunks: readonly ChunkErrors[]
}

/**
 * The rows of an answer out of one prefill over prompt and answer, as the verifier has them.
 * @param hidden (promptTokens + answerTokens, or one fewer) × width
 */
export function answerRowsOf(
  hidden: Float32Array,
  width: number,
  promptTokens: number,
  answerTokens: number,
): Required<AnswerRows> {
  const first = promptTokens - 1
  return {
    width,
    prompt: hidden.subarray(0, promptTokens * width),
    answer: hidden.subarray(first * width, (first + answerTokens) * width),
  }
}

/**
 * One TOPLOC proof a chunk: the prompt where its rows are given, then every 32 rows of decoding. Row 0 of the answer is the
 * prompt's last, so with the prompt the decode chunks begin at row 1, and without it at row 0 (the reference's skip_prefill).
 * @throws StarlingError HIDDEN_NOT_FINITE, TOPLOC_NO_MODULUS
 */
export function proveAnswer(rows: AnswerRows): Uint8Array[] {
  return chunksOf(rows).map((chunk) => encodeProof(proveChunk(chunk)))
}

/**
 * Checks the proofs of an answer against the verifier's own rows of it: malformed or missing proofs and every error above its
 * threshold are a rejection; own rows that are not finite say nothing about the miner.
 */
export function checkAnswer(
  proofs: readonly Uint8Array[],
  rows: AnswerRows,
  thresholds: AnswerThresholds,
): AnswerCheck {
  const own = chunksOf(rows)
  const chunks: ChunkErrors[] = []
  const decided = (verdict: AnswerCheck['verdict'], reason: string) => ({ verdict, reason, chunks })
  if (own.length === 0) return decided('inconclusive', 'no hidden states to compare')
  if (proofs.length !== own.length)
    return decided('reject', `${proofs.length} proofs for ${own.length} chunks of hidden states`)
  const decoded: ToplocProof[] = []
  for (const [i, values] of own.entries()) {
    const read = decodeProof(proofs[i]!, provenCount(values))
    if ('reason' in read) return decided('reject', `chunk ${i}: ${read.reason}`)
    decoded.push(read.proof)
  }
  let rejection = ''
  for (const [i, values] of own.entries()) {
    const errors = compareUnlessBroken(values, decoded[i]!)
    if (errors === undefined)
      return decided('inconclusive', `chunk ${i}: the verifier's own hidden states are not finite`)
    chunks.push(errors)
    const isPrompt = i === 0 && rows.prompt !== undefined
    const excess = excessOf(errors, isPrompt ? thresholds.prompt : thresholds.answer)
    if (excess !== undefined && rejection === '') rejection = `chunk ${i}: ${excess}`
  }
  return decided(rejection === '' ? 'accept' : 'reject', rejection)
}

function compareUnlessBroken(values: Float32Array, proof: ToplocProof): ChunkErrors | undefined {
  try {
    return compareChunk(values, proof)
  } catch (error) {
    if (hasCode(error, 'HIDDEN_NOT_FINITE')) return undefined
    throw error
  }
}

function chunksOf({ width, prompt, answer }: AnswerRows): Float32Array[] {
  const chunks = prompt === undefined ? [] : [prompt]
  const step = CHUNK_ROWS * width
  for (let at = prompt === undefined ? 0 : width; at < answer.length; at += step)
    chunks.push(answer.subarray(at, Math.min(at + step, answer.length)))
  return chunks
}
