import { fromFloat16, toFloat16 } from '../../../../shared/inference/model/float16.ts'
import { below, gaussian, type Random } from '../../../../shared/inference/random.ts'
import { SKETCH_VALUES } from '../../../../shared/proof/sketch/matrix.ts'
import { sketchRows } from '../../../../shared/proof/sketch/sketch.ts'
import type { AnswerRows } from '../../../calibrate/measure.ts'

/** What a forger has of one answer when it commits: everything but the hidden states themselves, and some that know even those. */
export interface Victim {
  readonly answer: AnswerRows
  /** Hidden states that a forger would have instead, row-major [tokens, width]. */
  readonly mapped: Float32Array
  readonly sameTokens: Float32Array
  readonly ofAnother: Float32Array
  readonly meanRow: Float32Array
}

/** The same under one challenge. */
export interface Challenged extends Victim {
  readonly random: Random
  readonly matrix: Float32Array
  /** Of another challenge. */
  readonly otherMatrix: Float32Array
  /** The honest miner's sketches, row-major [tokens, SKETCH_VALUES]. */
  readonly truth: Float32Array
}

/** The sketches of a whole answer, as a forger would commit to them. */
export type Forge = (challenged: Challenged) => Float32Array

/** What nobody has who did not compute the hidden states, or would be worth nothing to who did. */
export const FORGERIES: Readonly<Record<string, Forge>> = {
  constant: ({ truth }) => truth.map(() => 1),
  zeros: ({ truth }) => truth.map(() => 0),
  'mean row': ({ truth, matrix, meanRow }) => {
    const sketch = sketchRows(meanRow, matrix)
    return truth.map((_, n) => sketch[n % SKETCH_VALUES]!)
  },
  'truth × 2': ({ truth }) => truth.map((value) => value * 2),
  'truth with its sign flipped': ({ truth }) => truth.map((value) => -value),
  'truth of the position before': ({ truth }) => {
    const shifted = truth.slice()
    shifted.copyWithin(SKETCH_VALUES, 0)
    shifted.set(truth.subarray(SKETCH_VALUES, 2 * SKETCH_VALUES))
    return shifted
  },
  'truth under another challenge': ({ answer, otherMatrix }) => sketchRows(answer.prover, otherMatrix),
  'random, of the right norm': ofRightNorm,
  'rows of another prompt': ({ ofAnother, matrix }) => sketchRows(ofAnother, matrix),
  'rows of other prompts after the same tokens': ({ sameTokens, matrix }) => sketchRows(sameTokens, matrix),
  'map trained from a cheaper model’s rows': ({ mapped, matrix }) => sketchRows(mapped, matrix),
}

/** The truth, a little off: how fine the measure is. A class whose own noise is as large can't tell these, and they win nothing. */
export const DISTORTIONS: Readonly<Record<string, Forge>> = {
  'distorted: truth × 1.001': ({ truth }) => truth.map((value) => value * 1.001),
  'distorted: truth as 16-bit floats': ({ truth }) => truth.map((value) => fromFloat16(toFloat16(value))),
  'distorted: one value in eight flipped': ({ truth }) =>
    truth.map((value, n) => (n % 8 === 0 ? -value : value)),
}

/** As long as the true row's sketch, in a random direction. */
function ofRightNorm({ truth, random }: Challenged): Float32Array {
  const forged = truth.map(() => gaussian(random))
  for (let start = 0; start < truth.length; start += SKETCH_VALUES) {
    const row = forged.subarray(start, start + SKETCH_VALUES)
    const factor = norm(truth.subarray(start, start + SKETCH_VALUES)) / norm(row)
    for (const [i, value] of row.entries()) row[i] = value * factor
  }
  return forged
}

const norm = (values: Float32Array) => Math.hypot(...values)

/** Rows of some other answer, from its beginning on and over again where it is shorter. */
export function rowsOfAnother(
  random: Random,
  answer: AnswerRows,
  others: readonly AnswerRows[],
): Float32Array {
  const other = others[below(random, others.length)]!
  return answer.prover.map((_, n) => other.prover[n % other.prover.length]!)
}
