import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { calibrateBuckets, calibratePooled, OTHER_PROCESSORS } from '../../../scripts/calibrate/buckets.ts'
import { type AnswerRows, answerAll, measureAnswers } from '../../../scripts/calibrate/measure.ts'
import { editedQuestion, honestQuestion, makeConversations } from '../../../scripts/calibrate/questions.ts'
import { newCalibration, withPair } from '../../../scripts/calibrate/write.ts'
import { fromFloat16, toFloat16 } from '../../../shared/inference/model/float16.ts'
import { below, gaussian, type Random, seededRandom } from '../../../shared/inference/random.ts'
import { startEngine } from '../../../shared/inference/start-engine.ts'
import { leafCount, POSITIONS_PER_LEAF } from '../../../shared/proof/answer-root.ts'
import {
  calibrationOf,
  type SketchCalibration,
  type SketchPair,
} from '../../../shared/proof/sketch/calibration.ts'
import { decideSketches } from '../../../shared/proof/sketch/decision.ts'
import { SKETCH_VALUES, sketchMatrix } from '../../../shared/proof/sketch/matrix.ts'
import { addRows, emptyMoments } from '../../../shared/proof/sketch/moments.ts'
import { openedLeaves } from '../../../shared/proof/sketch/opening.ts'
import { sketchRows } from '../../../shared/proof/sketch/sketch.ts'
import { type Whitening, whiteningOf } from '../../../shared/proof/sketch/whitening.ts'

const PROMPTS = 40
const TOKENS = 64
/** Of each kind, each with a beacon of its own. */
const TRIALS = 2_000
const CHALLENGES = 50
/** The rest open a position that so small a calibration does not cover: inconclusive. */
const MOST = 0.85 * TRIALS

let calibration: SketchCalibration
let pair: SketchPair
let whitening: Whitening
/** Fresh answers, none of which the calibration has seen. */
let honest: AnswerRows[]
/** Answers to prompts that differ from the declared ones in one character. */
let edited: AnswerRows[]
let meanRow: Float32Array
/** Of random challenges. */
let matrices: Float32Array[]

beforeAll(async () => {
  const modelFolder = join(import.meta.dirname, '../../../models/nano')
  const engine = await startEngine({ modelFolder, threads: 1 })
  try {
    const random = seededRandom(11)
    const lengths = { contextLength: engine.model.contextLength, maxTokens: TOKENS }
    const conversations = () => makeConversations(random, engine.text, PROMPTS, lengths.contextLength)
    const answersTo = (ask: typeof honestQuestion) => {
      const questions = conversations().map((turns) => ask(random, engine.text, turns, lengths))
      return answerAll(engine, engine, questions, (answer) => answer)
    }
    const moments = emptyMoments(64)
    for (const { verifier } of await answersTo(honestQuestion)) addRows(moments, verifier)
    whitening = whiteningOf(moments)
    const questions = conversations().map((turns) => honestQuestion(random, engine.text, turns, lengths))
    const distances = await measureAnswers(engine, engine, whitening, questions)
    const buckets = calibrateBuckets(distances)
    const pooled = calibratePooled(random, distances, buckets)!
    const { hash: model, executionClass } = engine.model
    pair = { prover: executionClass, verifier: executionClass, model }
    calibration = withPair(newCalibration(model, whitening, moments.rows), {
      ...{ prover: executionClass, verifier: executionClass, machine: 'this', prompts: PROMPTS, seed: 11 },
      ...{ buckets, pooled, temperature: 0.8, tolerance: 1e-4, headroom: OTHER_PROCESSORS },
      evidence: { answersPerAlarm: 1e6 },
    })
    // Two leaves at least, so that every answer has a second one.
    honest = (await answersTo(honestQuestion)).filter(({ verifier, width }) => verifier.length > 4 * width)
    edited = await answersTo(editedQuestion)
  } finally {
    await engine.close()
  }
  const random = seededRandom(13)
  matrices = Array.from({ length: CHALLENGES }, () => sketchMatrix(bytes32(random), whitening))
  const rows = honest.flatMap(({ verifier, width }) =>
    Array.from({ length: verifier.length / width }, (_, n) => verifier.subarray(n * width, (n + 1) * width)),
  )
  meanRow = Float32Array.from(
    { length: 64 },
    (_, j) => rows.reduce((sum, row) => sum + row[j]!, 0) / rows.length,
  )
}, 180_000)

/** What a forger has when the beacon asks for rows: the true sketches stand for what an honest miner would show. */
interface Trial {
  readonly random: Random
  readonly matrix: Float32Array
  readonly own: Float32Array
  readonly answer: AnswerRows
  /** First row of the leaf in the answer. */
  readonly first: number
  /** Of the opened leaves. */
  readonly isFirst: boolean
}

/** Opens a random answer as a random beacon asks, and shows forged rows. */
function verdictOn(random: Random, answers: readonly AnswerRows[], forge: (trial: Trial) => Float32Array) {
  const answer = answers[below(random, answers.length)]!
  const { width, verifier, question } = answer
  const matrix = matrices[below(random, CHALLENGES)]!
  const tokens = verifier.length / width
  const opened = openedLeaves(bytes32(random), question.challenge, leafCount(tokens)).map((index, place) => {
    const first = index * POSITIONS_PER_LEAF
    const end = Math.min(first + POSITIONS_PER_LEAF, tokens)
    const own = sketchRows(verifier.subarray(first * width, end * width), matrix)
    const claimed = forge({ random, matrix, own, answer, first, isFirst: place === 0 })
    return { position: question.declared.length - 1 + first, claimed, own }
  })
  return decideSketches(calibration, pair, opened).verdict
}

function bytes32(random: Random): Uint8Array {
  return Uint8Array.from({ length: 32 }, () => below(random, 256))
}

function count(answers: readonly AnswerRows[], forge: (trial: Trial) => Float32Array) {
  const random = seededRandom(23)
  const verdicts = { accept: 0, reject: 0, inconclusive: 0 }
  for (let trial = 0; trial < TRIALS; trial++) verdicts[verdictOn(random, answers, forge)]++
  return verdicts
}

const rowsAt = (answer: AnswerRows, first: number, rows: number) =>
  answer.prover.subarray(first * answer.width, (first + rows) * answer.width)

/** Rows of the honest miner itself. */
const truth = ({ answer, matrix, own, first }: Trial) =>
  sketchRows(rowsAt(answer, first, own.length / SKETCH_VALUES), matrix)

/** Rows of some other answer. */
function ofAnother({ random, answer, matrix, own, first }: Trial): Float32Array {
  const rows = own.length / SKETCH_VALUES
  const other = honest[(honest.indexOf(answer) + 1 + below(random, honest.length - 1)) % honest.length]!
  const place = Math.min(first, other.prover.length / other.width - rows)
  return sketchRows(rowsAt(other, place, rows), matrix)
}

/** As long as the true row's sketch, in a random direction. */
function ofRightLength({ random, own }: Trial): Float32Array {
  const claimed = own.map(() => gaussian(random))
  for (let start = 0; start < own.length; start += SKETCH_VALUES) {
    const row = claimed.subarray(start, start + SKETCH_VALUES)
    const factor = Math.hypot(...own.subarray(start, start + SKETCH_VALUES)) / Math.hypot(...row)
    row.set(row.map((value) => value * factor))
  }
  return claimed
}

/** The true rows of another place in the same answer. */
function ofAnotherPlace({ answer, matrix, own, first }: Trial): Float32Array {
  const rows = own.length / SKETCH_VALUES
  return sketchRows(rowsAt(answer, first === 0 ? rows : first - 1, rows), matrix)
}

const repeated = (values: Float32Array, length: number) =>
  Float32Array.from({ length }, (_, n) => values[n % values.length]!)

describe('at the threshold that accepts 99.99 % of honest answers', () => {
  it('most positions that an answer reaches are calibrated', () => {
    const froms = calibrationOf(calibration, pair)!.buckets.map(({ from }) => from)
    expect(froms.length).toBeGreaterThanOrEqual(6)
  })

  it('honest rows pass', () => {
    const { accept, reject } = count(honest, truth)
    expect(reject).toBe(0)
    expect(accept).toBeGreaterThan(MOST)
  })

  it.each<[string, (trial: Trial) => Float32Array]>([
    ['a constant', ({ own }) => new Float32Array(own.length).fill(1)],
    ['zeros', ({ own }) => new Float32Array(own.length)],
    ['the sketch of the mean row', ({ own, matrix }) => repeated(sketchRows(meanRow, matrix), own.length)],
    ['the truth times 1.001', (trial) => truth(trial).map((value) => value * 1.001)],
    ['the truth times 2', (trial) => truth(trial).map((value) => value * 2)],
    ['the truth with its sign flipped', (trial) => truth(trial).map((value) => -value)],
    [
      'the truth with one value in eight flipped',
      (trial) => truth(trial).map((value, n) => (n % 8 ? value : -value)),
    ],
    ['the truth as 16-bit floats', (trial) => truth(trial).map((value) => fromFloat16(toFloat16(value)))],
    ['random values of the right length', ofRightLength],
    ['the truth of another prompt', ofAnother],
    ['the truth of the position before', ofAnotherPlace],
    [
      'the truth under another challenge',
      (trial) => {
        const other = matrices[(matrices.indexOf(trial.matrix) + 1) % CHALLENGES]!
        return truth({ ...trial, matrix: other })
      },
    ],
    ['one true leaf of two', (trial) => (trial.isFirst ? truth(trial) : trial.own.map(() => 0))],
  ])('%s never passes', (_name, forge) => {
    const { accept, reject } = count(honest, forge)
    expect({ accept, tried: TRIALS }).toEqual({ accept: 0, tried: TRIALS })
    expect(reject).toBeGreaterThan(MOST)
  })

  it('rows that are right for a prompt with another character never pass', () => {
    const { accept, reject } = count(edited, truth)
    expect({ accept, tried: TRIALS }).toEqual({ accept: 0, tried: TRIALS })
    expect(reject).toBeGreaterThan(MOST)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('%s among true values is a malformed proof', (value) => {
    const { reject } = count(honest, (trial) => truth(trial).with(3, value))
    expect(reject).toBe(TRIALS)
  })
})
