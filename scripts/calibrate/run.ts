import { cpus } from 'node:os'
import type { Engine } from '../../shared/inference/engine.ts'
import { loadModel } from '../../shared/inference/model/folder.ts'
import type { Provider } from '../../shared/inference/onnx/execution-class.ts'
import { openModel } from '../../shared/inference/open-model.ts'
import { type Precision, packingOf } from '../../shared/inference/precision.ts'
import { type Random, seededRandom } from '../../shared/inference/random.ts'
import { startEngine } from '../../shared/inference/start-engine.ts'
import { FP32_MARGIN } from '../../shared/proof/decision.ts'
import { isExactPair } from '../../shared/proof/evidence/parameters.ts'
import type { PairCalibration } from '../../shared/proof/sketch/calibration.ts'
import { readCalibration, type StoredCalibration } from '../../shared/proof/sketch/read-calibration.ts'
import { type Whitening, whiteningOf } from '../../shared/proof/sketch/whitening.ts'
import { type Bounds, calibrateBuckets, calibratePooled, flippedBounds, OTHER_PROCESSORS } from './buckets.ts'
import { type CheatSummary, measurePrecision, measureWeights, summarize } from './cheats.ts'
import { calibrateEvidence, type EvidenceSample } from './evidence.ts'
import { type MeasuredAnswer, measureAnswers, measureMoments, SAMPLING } from './measure.ts'
import { editedQuestion, honestQuestion, makeConversations, type Question } from './questions.ts'
import { reorderUnits } from './reorder-units.ts'
import { isRounding, type Rounding, roundWeights } from './rounding.ts'
import { newCalibration, withPair } from './write.ts'

/** Where, and how, a model is computed. */
export interface Place {
  readonly device: Provider
  readonly precision: Precision
}

/** Weights rounded before they are served in the declared class, or another precision than the declared one. */
export type CheatName = Rounding | Precision

export interface CalibrationOptions {
  readonly modelFolder: string
  /** Whose answers are measured, and whose reading they are measured by. */
  readonly prover: Place
  readonly verifier: Place
  readonly prompts: number
  readonly maxTokens: number
  readonly seed: number
  readonly threads: number
  /** Of the same model; only those of our own can be rounded, or computed in another precision. */
  readonly cheats: readonly CheatName[]
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
  const verifier = await startEngine({ modelFolder, threads, ...options.verifier })
  try {
    if (isSamePlace(options)) return await measurePair(options, verifier, verifier, report)
    const prover = await startEngine({ modelFolder, threads, ...options.prover })
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
  const honest = await measureAnswers(prover, verifier, whitening, honestly())
  report(`${prompts} answers to edited prompts`)
  const edited = conversations.map((turns) => editedQuestion(random, text, turns, lengths))
  const cheats = new Map<string, MeasuredAnswer[]>([
    ['prompt, one character', await measureAnswers(prover, verifier, whitening, edited)],
  ])
  const { source } = await openModel(options.modelFolder, options.prover.device)
  const isOwn = source.kind === 'starling'
  for (const cheat of isOwn ? options.cheats : []) {
    report(`${prompts} answers of ${nameOf(cheat)}`)
    cheats.set(nameOf(cheat), await measureCheat(options, cheat, verifier, whitening, honestly()))
  }
  const unrounded = unroundedOf(options.prover.precision)
  const classes = { prover: prover.model.executionClass, verifier: verifier.model.executionClass }
  report(`${prompts} honest answers, with sums in another order`)
  const answers: EvidenceSample = {
    ...{ honest, cheats, isExact: isExactPair(classes) },
    ...(isOwn && unrounded !== undefined
      ? { unrounded: await unroundedAnswers(options, unrounded, cheats, verifier, whitening, honestly) }
      : {}),
    ...(isOwn ? { elsewhere: await measureElsewhere(options, verifier, whitening, honestly()) } : {}),
  }
  const about = { machine: cpus()[0]?.model.trim() ?? 'unknown', prompts, seed }
  const pair = { ...classes, ...about, ...calibratePair(random, answers) }
  const summaries = [...cheats].map(([name, own]) => summarize(name, own, honest, pair))
  return {
    stored: { calibration: withPair(calibration, pair), whitening },
    pair,
    summaries: [
      summarize('honest', honest, undefined, pair),
      ...(answers.elsewhere ? [summarize('sums in another order', answers.elsewhere, honest, pair)] : []),
      ...summaries,
    ],
  }
}

/** All that is judged by, from the answers that were measured. */
function calibratePair(
  random: Random,
  sample: EvidenceSample,
): Omit<PairCalibration, 'prover' | 'verifier' | 'machine' | 'prompts' | 'seed'> {
  const { honest, unrounded, elsewhere, isExact } = sample
  const bounds: Bounds =
    unrounded === undefined ? { headroom: OTHER_PROCESSORS } : flippedBounds(honest, unrounded)
  const buckets = calibrateBuckets(honest, bounds)
  const pooled = calibratePooled(random, honest, buckets, bounds)
  const placed = { headroom: bounds.headroom, buckets }
  return {
    temperature: SAMPLING.temperature,
    tolerance: isExact ? FP32_MARGIN : largestMargin([...honest, ...(unrounded ?? []), ...(elsewhere ?? [])]),
    ...placed,
    ...(pooled === undefined ? {} : { pooled }),
    evidence: calibrateEvidence(sample, placed),
  }
}

/** The precision with the same weights whose activations are not rounded; undefined where they are not anyway. */
function unroundedOf(precision: Precision): Precision | undefined {
  const packing = packingOf(precision)
  if (packing?.activationBits !== 8) return undefined
  return `q${packing.bits}b${packing.block}a32`
}

async function unroundedAnswers(
  options: CalibrationOptions,
  precision: Precision,
  cheats: ReadonlyMap<string, MeasuredAnswer[]>,
  verifier: Engine,
  whitening: Whitening,
  honestly: () => Question[],
): Promise<MeasuredAnswer[]> {
  return cheats.get(nameOf(precision)) ?? measureCheat(options, precision, verifier, whitening, honestly())
}

/** Honest answers of a processor that takes sums in another order, as far as one machine can show that. */
async function measureElsewhere(
  { modelFolder, prover, threads }: CalibrationOptions,
  verifier: Engine,
  whitening: Whitening,
  questions: readonly Question[],
): Promise<MeasuredAnswer[]> {
  const { manifest, weights } = await loadModel(modelFolder)
  const reordered = reorderUnits(manifest.architecture, weights)
  return measureWeights(manifest, reordered, { threads, ...prover }, verifier, whitening, questions)
}

async function measureCheat(
  { modelFolder, prover, threads }: CalibrationOptions,
  cheat: CheatName,
  verifier: Engine,
  whitening: Whitening,
  questions: readonly Question[],
): Promise<MeasuredAnswer[]> {
  const served = { threads, ...prover }
  if (!isRounding(cheat))
    return measurePrecision({ ...served, modelFolder, precision: cheat }, verifier, whitening, questions)
  const { manifest, weights } = await loadModel(modelFolder)
  return measureWeights(manifest, roundWeights(weights, cheat), served, verifier, whitening, questions)
}

function nameOf(cheat: CheatName): string {
  return isRounding(cheat) ? `${cheat} weights` : `in ${cheat}`
}

function isSamePlace({ prover, verifier }: CalibrationOptions): boolean {
  return prover.device === verifier.device && prover.precision === verifier.precision
}

function largestMargin(answers: readonly MeasuredAnswer[]): number {
  const finite = answers.flatMap(({ margins }) => [...margins].filter(Number.isFinite))
  return finite.reduce((most, margin) => Math.max(most, margin), FP32_MARGIN)
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
