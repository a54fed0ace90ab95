import { cpus } from 'node:os'
import type { Engine } from '../../shared/inference/engine.ts'
import { loadModel } from '../../shared/inference/model/folder.ts'
import type { Provider } from '../../shared/inference/onnx/execution-class.ts'
import { openModel } from '../../shared/inference/open-model.ts'
import { type Random, seededRandom } from '../../shared/inference/random.ts'
import { startEngine } from '../../shared/inference/start-engine.ts'
import type { PairCalibration } from '../../shared/proof/sketch/calibration.ts'
import { readCalibration, type StoredCalibration } from '../../shared/proof/sketch/read-calibration.ts'
import { whiteningOf } from '../../shared/proof/sketch/whitening.ts'
import { calibrateBuckets, calibratePooled } from './buckets.ts'
import { type CheatSummary, measureRounded, summarize } from './cheats.ts'
import { type AnswerDistances, measureDistances, measureMoments } from './measure.ts'
import { editedQuestion, honestQuestion, makeConversations } from './questions.ts'
import type { Rounding } from './rounding.ts'
import { newCalibration, withPair } from './write.ts'

export interface CalibrationOptions {
  readonly modelFolder: string
  /** Whose answers are measured, and whose reading they are measured by. */
  readonly prover: Provider
  readonly verifier: Provider
  readonly prompts: number
  readonly maxTokens: number
  readonly seed: number
  readonly threads: number
  /** Weights of cheats; only models of our own can be rounded. */
  readonly roundings: readonly Rounding[]
  /** Make the whitening anew; other pairs' thresholds are lost, as they were measured with the old one. */
  readonly renewWhitening: boolean
}

export interface CalibrationRun {
  /** With the pair in it, as it should be stored. */
  readonly stored: StoredCalibration
  readonly pair: PairCalibration
  /** Honest rows first. */
  readonly summaries: readonly CheatSummary[]
}

export type Report = (what: string) => void

/** Answers whose rows make a whitening, at least. */
const LEAST_WHITENING_PROMPTS = 20

/** Measures honest and cheating distances of a pair of classes; writes nothing. */
export async function runCalibration(options: CalibrationOptions, report: Report): Promise<CalibrationRun> {
  const { modelFolder, threads } = options
  const verifier = await startEngine({ modelFolder, threads, device: options.verifier })
  try {
    if (options.prover === options.verifier) return await measurePair(options, verifier, verifier, report)
    const prover = await startEngine({ modelFolder, threads, device: options.prover })
    return await measurePair(options, prover, verifier, report).finally(() => prover.close())
  } finally {
    await verifier.close()
  }
}

async function measurePair(
  options: CalibrationOptions,
  prover: Engine,
  verifier: Engine,
  report: Report,
): Promise<CalibrationRun> {
  const { prompts, maxTokens, seed } = options
  const random = seededRandom(seed)
  const { text } = verifier
  const { contextLength } = verifier.model
  const lengths = { contextLength, maxTokens }
  const conversations = makeConversations(random, text, prompts, contextLength)
  const { calibration, whitening } =
    (options.renewWhitening ? undefined : await readCalibration(options.modelFolder, verifier.model.hash)) ??
    (await makeWhitening(options, verifier, random, report))

  const honestly = () => conversations.map((turns) => honestQuestion(random, text, turns, lengths))
  report(`${prompts} honest answers`)
  const honest = await measureDistances(prover, verifier, whitening, honestly())
  const buckets = calibrateBuckets(honest)
  const pooled = calibratePooled(random, honest, buckets)
  const pair: PairCalibration = {
    prover: prover.model.executionClass,
    verifier: verifier.model.executionClass,
    machine: cpus()[0]?.model.trim() ?? 'unknown',
    prompts,
    seed,
    buckets,
    ...(pooled === undefined ? {} : { pooled }),
  }

  report(`${prompts} answers to edited prompts`)
  const edited = conversations.map((turns) => editedQuestion(random, text, turns, lengths))
  const cheats = new Map<string, AnswerDistances[]>([
    ['prompt, one character', await measureDistances(prover, verifier, whitening, edited)],
  ])
  const { source } = await openModel(options.modelFolder, options.prover)
  for (const rounding of source.kind === 'starling' ? options.roundings : []) {
    report(`${prompts} answers with weights rounded to ${rounding}`)
    const model = await loadModel(options.modelFolder)
    const served = { threads: options.threads, device: options.prover }
    const measure = measureRounded(model, rounding, served, verifier, whitening, honestly())
    cheats.set(`${rounding} weights`, await measure)
  }
  const summaries = [...cheats].map(([name, answers]) => summarize(name, answers, honest))
  return {
    stored: { calibration: withPair(calibration, pair), whitening },
    pair,
    summaries: [summarize('honest', honest, undefined), ...summaries],
  }
}

/** A whitening from answers of its own, so that it is not fitted to the rows that it is then measured with. */
async function makeWhitening(
  { prompts, maxTokens }: CalibrationOptions,
  verifier: Engine,
  random: Random,
  report: Report,
): Promise<StoredCalibration> {
  const { text, model } = verifier
  const count = Math.max(LEAST_WHITENING_PROMPTS, Math.ceil(prompts / 4))
  report(`${count} answers for the whitening`)
  const { contextLength } = model
  const questions = makeConversations(random, text, count, contextLength).map((turns) =>
    honestQuestion(random, text, turns, { contextLength, maxTokens }),
  )
  const moments = await measureMoments(verifier, questions)
  const whitening = whiteningOf(moments)
  return { calibration: newCalibration(model.hash, whitening, moments.rows), whitening }
}
