import type { Engine } from '../../shared/inference/engine.ts'
import { StarlingError } from '../../shared/process/errors.ts'
import { POSITIONS_PER_LEAF } from '../../shared/proof/answer-root.ts'
import { sketchMatrix } from '../../shared/proof/sketch/matrix.ts'
import { addRows, emptyMoments, type Moments } from '../../shared/proof/sketch/moments.ts'
import { logDistances } from '../../shared/proof/sketch/sketch.ts'
import type { Whitening } from '../../shared/proof/sketch/whitening.ts'
import { keepInFlight } from '../bench/engine/in-flight.ts'
import type { Question } from './questions.ts'

/** Answers under way at once: as many as an engine decodes together, so that rows come out as they do in service. */
const CONCURRENT = 16
/** As validators sample unless their operators change it. */
export const SAMPLING = { temperature: 0.8, topK: 0, topP: 1 }
/** Logit error that flips at the edge of top-k may have; none is cut off here. */
const TOLERANCE = 1e-4

/** The rows of one answer as both sides computed them, row-major [tokens, width]. */
export interface AnswerRows {
  readonly question: Question
  readonly tokens: readonly number[]
  readonly width: number
  /** From the steps that sampled the tokens. */
  readonly prover: Float32Array
  /** From one reading of the declared prompt and the tokens. */
  readonly verifier: Float32Array
}

/** Log distances of one answer's rows. */
export interface AnswerDistances {
  /** In the sequence, prompt included, of the first row. */
  readonly position: number
  readonly rows: Float64Array
}

/** What an audit sees of one answer, had it opened every leaf. */
export interface MeasuredAnswer extends AnswerDistances {
  /** Of the replay, one a token, in logit units. */
  readonly margins: Float64Array
}

/** One leaf of an answer, or the first rows of one. */
export interface LeafDistances {
  /** Index of the answer. */
  readonly answer: number
  readonly position: number
  readonly rows: Float64Array
}

/**
 * Has every question answered by the prover and read by the verifier. Answers come in any order; what `take` makes of them is
 * returned in that of the questions, so that a seed gives the same record every time.
 */
export async function answerAll<T>(
  prover: Pick<Engine, 'generate'>,
  verifier: Pick<Engine, 'prefill'>,
  questions: readonly Question[],
  take: (answer: AnswerRows) => T,
): Promise<T[]> {
  return inFlight(questions, async (question) => {
    const { asked: promptTokens, seed, maxTokens } = question
    const request = { promptTokens, seed, maxTokens, sampling: SAMPLING, wantHidden: true }
    const { tokens, hidden } = await prover.generate(request)
    if (hidden === undefined) throw noRows()
    const width = hidden.length / tokens.length
    const read = await verifier.prefill([...question.declared, ...tokens.slice(0, -1)])
    const rows = read.hidden.subarray((question.declared.length - 1) * width)
    return take({ question, tokens, width, prover: hidden, verifier: rows })
  })
}

/** Works on so many questions at a time; results come in the order of the questions. */
async function inFlight<T>(
  questions: readonly Question[],
  work: (question: Question) => Promise<T>,
): Promise<T[]> {
  const results: T[] = []
  const queue = questions.entries()
  const one = async (place: number, question: Question) => {
    results[place] = await work(question)
  }
  await keepInFlight(CONCURRENT, () => {
    const { value } = queue.next()
    return value && one(...value)
  })
  return results
}

function noRows(): StarlingError {
  return new StarlingError(
    'CALIBRATION_ROWS',
    'the engine gave no hidden states',
    'calibrate a model that has them; others are verified by replay alone',
  )
}

/** Sums over the rows that a verifier reads of honest answers. */
export async function measureMoments(
  engine: Pick<Engine, 'generate' | 'prefill'>,
  questions: readonly Question[],
): Promise<Moments> {
  const answers = await answerAll(engine, engine, questions, ({ verifier, width }) => ({ verifier, width }))
  const moments = emptyMoments(answers[0]!.width)
  for (const { verifier } of answers) addRows(moments, verifier)
  return moments
}

/** Distances and margins of all answers, each under its own challenge and seed, as service and audit compute them. */
export function measureAnswers(
  prover: Pick<Engine, 'generate'>,
  verifier: Pick<Engine, 'replay'>,
  whitening: Whitening,
  questions: readonly Question[],
): Promise<MeasuredAnswer[]> {
  return inFlight(questions, async ({ asked, declared, seed, maxTokens, challenge }) => {
    const matrix = sketchMatrix(challenge, whitening)
    const request = { promptTokens: asked, seed, maxTokens, sampling: SAMPLING, projection: matrix }
    const { tokens, projected } = await prover.generate(request)
    if (projected === undefined) throw noRows()
    const { margins, projected: own } = await verifier.replay({
      ...{ promptTokens: declared, tokens, sampling: SAMPLING, seed, tolerance: TOLERANCE },
      projectionAt: { matrix, positions: tokens.map((_, position) => position) },
    })
    return { position: declared.length - 1, rows: logDistances(projected, own!), margins }
  })
}

/**
 * The answers cut as their trees are.
 * @param rows of each leaf to keep, from its first; shorter leaves are left out
 */
export function leavesOf(answers: readonly AnswerDistances[], rows: number): LeafDistances[] {
  return answers.flatMap((answer, index) => {
    const leaves: LeafDistances[] = []
    for (let first = 0; first + rows <= answer.rows.length; first += POSITIONS_PER_LEAF) {
      const part = answer.rows.subarray(first, first + rows)
      leaves.push({ answer: index, position: answer.position + first, rows: part })
    }
    return leaves
  })
}
