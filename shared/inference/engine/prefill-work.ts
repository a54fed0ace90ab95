import type { ReplayRequest, ReplayResult } from '../engine.ts'
import { projectRow } from '../projection.ts'
import type { ReadBatch, RuntimeShape } from '../runtime.ts'
import { logProbability, replayToken } from '../sampler.ts'

/** One sequence of a batch that was read whole. */
export interface ReadRows {
  readonly batch: ReadBatch
  /** Which sequence of the batch. */
  readonly index: number
  readonly length: number
}

/** Logits that predict the token after position `row`, as a view. */
export function logitsRow({ batch, index }: ReadRows, vocabularySize: number, row: number): Float32Array {
  const start = (index * batch.padded + row) * vocabularySize
  return batch.logits.subarray(start, start + vocabularySize)
}

/** Copies the rows of one sequence out of a padded tensor [batch, padded, width]. */
export function ownRows(
  { batch, index, length }: ReadRows,
  tensor: Float32Array,
  width: number,
): Float32Array {
  const start = index * batch.padded * width
  return tensor.slice(start, start + length * width)
}

/** Judges every claimed token from the rows of prompt and answer; the answer starts after `promptTokens`. */
export function replayRows(
  rows: ReadRows,
  { vocabularySize, width }: Pick<RuntimeShape, 'vocabularySize' | 'width'>,
  request: ReplayRequest,
): ReplayResult {
  const { promptTokens, tokens, sampling, seed, tolerance, projectionAt } = request
  const margins = new Float64Array(tokens.length)
  const logProbs = new Float64Array(tokens.length)
  let surprise = 0
  for (const [position, token] of tokens.entries()) {
    const logits = logitsRow(rows, vocabularySize, promptTokens.length - 1 + position)
    const evidence = replayToken(logits, token, sampling, seed, position, tolerance)
    margins[position] = evidence.margin
    logProbs[position] = evidence.logProb
    if (evidence.logProb !== Number.NEGATIVE_INFINITY) surprise -= evidence.logProb
  }
  if (projectionAt === undefined) return { margins, logProbs, surprise }
  const { matrix, positions } = projectionAt
  const size = matrix.length / width
  const projected = new Float32Array(positions.length * size)
  for (const [i, position] of positions.entries()) {
    const row = hiddenRow(rows, width, promptTokens.length - 1 + position)
    projected.set(projectRow(matrix, row), i * size)
  }
  return { margins, logProbs, surprise, projected }
}

function hiddenRow({ batch, index }: ReadRows, width: number, row: number): Float32Array {
  const start = (index * batch.padded + row) * width
  return batch.hidden!.subarray(start, start + width)
}

/** Mean of the hidden states from position `first` on; summed in their order in float64, rounded once. */
export function meanRow(rows: ReadRows, width: number, first: number): Float32Array {
  const sums = new Float64Array(width)
  for (let position = first; position < rows.length; position++) {
    const row = hiddenRow(rows, width, position)
    for (let j = 0; j < width; j++) sums[j]! += row[j]!
  }
  return Float32Array.from(sums, (sum) => sum / (rows.length - first))
}

/** Σ ln p(token) of an answer at temperature 1. */
export function scoreRows(
  rows: ReadRows,
  vocabularySize: number,
  promptLength: number,
  tokens: readonly number[],
): number {
  let sum = 0
  for (const [position, token] of tokens.entries()) {
    sum += logProbability(logitsRow(rows, vocabularySize, promptLength - 1 + position), token)
  }
  return sum
}
