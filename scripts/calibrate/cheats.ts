import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine, EngineOptions } from '../../shared/inference/engine.ts'
import { type LoadedModel, saveModel } from '../../shared/inference/model/folder.ts'
import { startEngine } from '../../shared/inference/start-engine.ts'
import type { Whitening } from '../../shared/proof/sketch/whitening.ts'
import { type AnswerDistances, measureDistances } from './measure.ts'
import type { Question } from './questions.ts'
import { type Rounding, roundWeights } from './rounding.ts'
import { areaUnderCurve } from './statistics.ts'

/** How far the rows of one kind of cheat lie from the declared model's, as relative distances, not logarithms. */
export interface CheatSummary {
  readonly name: string
  readonly rows: number
  readonly smallest: number
  readonly median: number
  readonly largest: number
  /** Against honest rows, looking at one row; undefined for the honest themselves. */
  readonly areaInOneRow: number | undefined
}

export function summarize(
  name: string,
  answers: readonly AnswerDistances[],
  honest: readonly AnswerDistances[] | undefined,
): CheatSummary {
  const logs = rowsOf(answers).sort()
  return {
    name,
    rows: logs.length,
    smallest: Math.exp(logs[0]!),
    median: Math.exp(logs[logs.length >> 1]!),
    largest: Math.exp(logs.at(-1)!),
    areaInOneRow: honest && areaUnderCurve(rowsOf(honest), logs),
  }
}

/** Answers of the same model with rounded weights, served as the declared one. */
export async function measureRounded(
  model: LoadedModel,
  rounding: Rounding,
  options: Omit<EngineOptions, 'modelFolder'>,
  verifier: Engine,
  whitening: Whitening,
  questions: readonly Question[],
): Promise<AnswerDistances[]> {
  const folder = await mkdtemp(join(tmpdir(), 'starling-rounded-'))
  try {
    const { name, architecture } = model.manifest
    await saveModel(folder, name, architecture, roundWeights(model.weights, rounding))
    const prover = await startEngine({ ...options, modelFolder: folder })
    try {
      return await measureDistances(prover, verifier, whitening, questions)
    } finally {
      await prover.close()
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

function rowsOf(answers: readonly AnswerDistances[]): Float64Array {
  return Float64Array.from(answers.flatMap(({ rows }) => [...rows]))
}
