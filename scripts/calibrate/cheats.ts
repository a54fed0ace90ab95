import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine, EngineOptions } from '../../shared/inference/engine.ts'
import { type LoadedModel, saveModel } from '../../shared/inference/model/folder.ts'
import type { Weights } from '../../shared/inference/model/weights.ts'
import { startEngine } from '../../shared/inference/start-engine.ts'
import { POSITIONS_PER_LEAF } from '../../shared/proof/answer-root.ts'
import { STATISTICS, type Statistic } from '../../shared/proof/evidence/parameters.ts'
import type { PairCalibration } from '../../shared/proof/sketch/calibration.ts'
import { mean } from '../../shared/proof/sketch/sketch.ts'
import type { Whitening } from '../../shared/proof/sketch/whitening.ts'
import { answersToAlarm, CLIPS } from './evidence.ts'
import { leavesOf, type MeasuredAnswer, measureAnswers } from './measure.ts'
import type { Question } from './questions.ts'
import { areaUnderCurve } from './statistics.ts'

/** How far the rows of one kind of cheat lie from the declared model's, as relative distances, not logarithms. */
export interface CheatSummary {
  readonly name: string
  readonly rows: number
  readonly smallest: number
  readonly median: number
  readonly largest: number
  /** Against honest rows, looking at one row, and at the mean logarithm of four; undefined for the honest themselves. */
  readonly areaInOneRow: number | undefined
  readonly areaInFourRows: number | undefined
  /** Tokens that a replay would not have chosen, of 10,000, and the mean margin. */
  readonly flipsIn10000: number
  readonly meanMargin: number
  /** Answers from one alarm of a sum of evidence to the next; left out where there was none. */
  readonly answersToAlarm: Partial<Record<Statistic, number>>
}

export function summarize(
  name: string,
  answers: readonly MeasuredAnswer[],
  honest: readonly MeasuredAnswer[] | undefined,
  pair: PairCalibration,
): CheatSummary {
  const logs = rowsOf(answers).sort()
  const margins = answers.flatMap((answer) => [...answer.margins])
  const clipped = margins.map((margin) => Math.min(CLIPS.margin, margin))
  return {
    name,
    rows: logs.length,
    smallest: Math.exp(logs[0]!),
    median: Math.exp(logs[logs.length >> 1]!),
    largest: Math.exp(logs.at(-1)!),
    areaInOneRow: honest && areaUnderCurve(rowsOf(honest), logs),
    areaInFourRows: honest && areaUnderCurve(leafMeansOf(honest), leafMeansOf(answers)),
    flipsIn10000: (margins.filter((margin) => margin > 0).length / margins.length) * 10_000,
    meanMargin: clipped.reduce((sum, margin) => sum + margin, 0) / margins.length,
    answersToAlarm: Object.fromEntries(
      STATISTICS.flatMap((statistic) => {
        const answersToOne = answersToAlarm(answers, statistic, pair)
        return answersToOne === undefined ? [] : [[statistic, answersToOne]]
      }),
    ),
  }
}

/** Answers of the same weights by an engine of another precision, served as the declared one. */
export async function measurePrecision(
  options: EngineOptions,
  verifier: Engine,
  whitening: Whitening,
  questions: readonly Question[],
): Promise<MeasuredAnswer[]> {
  const prover = await startEngine(options)
  try {
    return await measureAnswers(prover, verifier, whitening, questions)
  } finally {
    await prover.close()
  }
}

/** Answers of the same model with its weights changed, served as the declared one. */
export async function measureWeights(
  { name, architecture }: LoadedModel['manifest'],
  weights: Weights,
  options: Omit<EngineOptions, 'modelFolder'>,
  verifier: Engine,
  whitening: Whitening,
  questions: readonly Question[],
): Promise<MeasuredAnswer[]> {
  const folder = await mkdtemp(join(tmpdir(), 'starling-weights-'))
  try {
    await saveModel(folder, name, architecture, weights)
    return await measurePrecision({ ...options, modelFolder: folder }, verifier, whitening, questions)
  } finally {
    await rm(folder, { recursive: true })
  }
}

function leafMeansOf(answers: readonly MeasuredAnswer[]): Float64Array {
  return Float64Array.from(leavesOf(answers, POSITIONS_PER_LEAF), ({ rows }) => mean(rows))
}

function rowsOf(answers: readonly MeasuredAnswer[]): Float64Array {
  return Float64Array.from(answers.flatMap(({ rows }) => [...rows]))
}
