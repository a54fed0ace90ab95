import type { Engine } from '../../shared/inference/engine.ts'
import { replayedVerdicts } from '../../shared/judging/replay-lot.ts'
import type { AuditVerdict } from '../../shared/proof/decision.ts'
import { isExactPair } from '../../shared/proof/evidence/parameters.ts'
import {
  calibrationOf,
  type PairCalibration,
  type SketchPair,
} from '../../shared/proof/sketch/calibration.ts'
import type { Given } from '../../shared/proof/verdict.ts'
import { decideTokens, type ReplayParts, replayTolerance } from '../../shared/verify/replay.ts'
import type { RoundConfig } from '../config.ts'
import type { JudgePart, Participant, VerdictReplay } from './types.ts'

export interface ReplayVerdictParts extends Pick<ReplayParts, 'calibrations'> {
  /** Of the judge's model, in its class. */
  readonly engine: Pick<Engine, 'model' | 'text' | 'replay' | 'score'>
  readonly config: Pick<RoundConfig, 'judgeTemperature' | 'auditTolerance'>
}

const RESULTS = {
  accept: 'match',
  reject: 'mismatch',
  inconclusive: 'inconclusive',
} as const satisfies Record<AuditVerdict, VerdictReplay['result']>

/** The verdicts of a part that its lot says are computed again. @param share probability of each */
export function replayedOf(
  { slots, judge, lot }: Pick<JudgePart, 'slots' | 'lot'> & { judge: Pick<Participant, 'publicKey'> },
  given: Given,
  share: number,
): number[] {
  return replayedVerdicts(lot.output, judge.publicKey, askedVerdicts({ slots }, given), share)
}

/** Numbers of the verdicts that a judge was asked for: scores of all answers, or the pairs of different results. */
export function askedVerdicts({ slots }: Pick<JudgePart, 'slots'>, given: Given): number[] {
  if (given.method === 'likelihood') return [...given.scores.keys()]
  return [...given.verdicts.keys()].filter((k) => slots[k]!.prompt !== undefined)
}

/**
 * Computes verdicts again, with the judge's declared model and under its own seed. A verdict of another model, of another seed or of
 * nobody is a mismatch; whatever keeps the validator from telling is inconclusive, and nobody's guilt.
 */
export function replayVerdicts(
  part: JudgePart,
  given: Given,
  verdicts: readonly number[],
  parts: ReplayVerdictParts,
): Promise<VerdictReplay[]> {
  return Promise.all(
    verdicts.map(async (verdict) => {
      try {
        const result =
          given.method === 'prompted'
            ? await replayTokens(part, given.verdicts[verdict]!, verdict, parts)
            : await compareScore(part, given.scores[verdict]!, verdict, parts)
        return { verdict, result }
      } catch {
        return { verdict, result: 'inconclusive' as const }
      }
    }),
  )
}

async function replayTokens(
  { slots, judge }: JudgePart,
  tokens: readonly number[],
  verdict: number,
  { engine, calibrations, config }: ReplayVerdictParts,
): Promise<VerdictReplay['result']> {
  const { prompt, seed } = slots[verdict]!
  const decided = { calibrations, tolerance: config.auditTolerance }
  const pair = pairOf(judge, engine)
  const promptTokens = engine.text.encodePrompt(prompt!)
  const { margins } = await engine.replay({
    ...{ promptTokens, tokens, seed },
    sampling: { temperature: config.judgeTemperature, topK: 0, topP: 1 },
    tolerance: replayTolerance(decided, pair),
  })
  const { verdict: found } = decideTokens({ margins, promptTokens: promptTokens.length }, decided, pair)
  return found === 'accept' && isFarOff(margins, measuredOf(calibrations, pair)) ? 'mismatch' : RESULTS[found]
}

/**
 * Where rounding changes tokens, sums decide on answers, and one token never does. A verdict is turned by one token, so there one that
 * lies twice as far off as any honest one ever did is enough.
 */
function isFarOff(margins: Float64Array, measured: PairCalibration | undefined): boolean {
  return measured !== undefined && margins.some((margin) => margin > FAR_OFF * measured.tolerance)
}

/** In units of the largest honest margin that was measured. In 4 bits, `small`'s verdicts with another result have 3.3 to 27, honest ones 0. */
const FAR_OFF = 2

/**
 * The logarithm of a probability moves by at most twice what the logits do, and so does the mean over an answer's tokens. In fp32 that
 * is far less than two answers lie apart; in other classes it is more, so that it would let anything pass: there nobody can tell.
 */
async function compareScore(
  { challenge, shown, judge }: JudgePart,
  score: number,
  verdict: number,
  { engine, config }: ReplayVerdictParts,
): Promise<VerdictReplay['result']> {
  if (!isExactPair(pairOf(judge, engine))) return 'inconclusive'
  const { text, model } = engine
  const tokens = [...text.encodeText(shown[verdict]!.text), model.eosToken]
  const { logProb } = await engine.score({ promptTokens: text.encodePrompt(challenge.prompt), tokens })
  const own = logProb / tokens.length
  if (!Number.isFinite(own)) return 'inconclusive'
  return Math.abs(own - score) <= 2 * config.auditTolerance ? 'match' : 'mismatch'
}

function measuredOf(
  calibrations: ReplayVerdictParts['calibrations'],
  pair: SketchPair,
): PairCalibration | undefined {
  return calibrationOf(calibrations.get(pair.model)?.calibration, pair)
}

function pairOf({ model }: JudgePart['judge'], engine: Pick<Engine, 'model'>): SketchPair {
  return { prover: model.executionClass, verifier: engine.model.executionClass, model: model.hash }
}
