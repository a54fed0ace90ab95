import { join } from 'node:path'
import type { Engine } from '../../../../shared/inference/engine.ts'
import { seededRandom } from '../../../../shared/inference/random.ts'
import { distort } from '../../../../shared/inference/tasks/judge.ts'
import type { VerdictSlot } from '../../../../shared/judging/verdict-slots.ts'
import type { AuditVerdict } from '../../../../shared/proof/decision.ts'
import { readCalibration } from '../../../../shared/proof/sketch/read-calibration.ts'
import { decideTokens, type ReplayParts, replayTolerance } from '../../../../shared/verify/replay.ts'
import { quantile } from '../../../calibrate/statistics.ts'
import type { Bar } from '../../suite.ts'
import type { SwarmContext, SwarmPart } from '../part.ts'
import { defaultRoundConfig } from './config.ts'
import { slotsOf, verdictSampling, writeVerdict } from './judging.ts'
import { mapInFlight, withModel } from './models.ts'
import { drawQuestions, type Question } from './questions.ts'
import { FULL, type MismatchKind, QUICK } from './sample-sizes.ts'
import { upperRate } from './statistics.ts'

/** What replaying one kind of honest verdicts came to. */
export interface MismatchFacts {
  readonly kind: MismatchKind
  readonly verdicts: number
  readonly tokens: number
  /** Verdicts that a validator would reject: see `decideTokens`. */
  readonly mismatched: number
  /** Verdicts that it could not judge. */
  readonly inconclusive: number
  /** Verdicts with a token that the replay would not have chosen, rounding or not. */
  readonly inexact: number
  /** In units of a logit. */
  readonly largestMargin: number
}

const STREAM = 41
/** Published for the design: above it, cliques earn more than their share. */
const CEILING = 1e-4

/** How often an honest judge's verdict does not replay, on other threads and in other batches. */
export const measureMismatch: SwarmPart = async (context) => {
  const sizes = context.quick ? QUICK : FULL
  const kinds: MismatchFacts[] = []
  for (const [at, kind] of sizes.mismatch.entries()) kinds.push(await replayKind(context, kind, STREAM + at))
  const sum = (of: (facts: MismatchFacts) => number) => kinds.reduce((total, facts) => total + of(facts), 0)
  const [verdicts, mismatched] = [sum((facts) => facts.verdicts), sum((facts) => facts.mismatched)]
  const upper = upperRate(mismatched, verdicts)
  const likelihood = await compareLikelihoods(context, sizes.likelihoods)
  const note = `${mismatched} of ${verdicts} honest verdicts, ${sum((facts) => facts.tokens)} tokens; upper 95 % end ${upper.toExponential(2)}`
  const bars: Bar[] = [
    { name: 'verdict.mismatch', value: mismatched / verdicts, unit: 'a verdict', floor: CEILING, note },
    { name: 'verdict.mismatchUpper', value: upper, unit: 'a verdict', floor: CEILING },
  ]
  return { facts: { kinds, verdicts, mismatched, upper, likelihood }, bars }
}

async function replayKind(context: SwarmContext, kind: MismatchKind, stream: number): Promise<MismatchFacts> {
  const { model, precision, judge, verifier } = kind
  const judgeName = { name: `honest ${model}`, model }
  // Six verdicts on each field of three.
  const slots = drawQuestions(context.seed, stream, Math.ceil(kind.verdicts / 6))
    .flatMap((question) => slotsOf(question, threeTexts(question), judgeName))
    .filter(({ prompt }) => prompt !== undefined)
    .slice(0, kind.verdicts)
  const of = `of ${model} ${precision}`
  const written = await withModel(
    context,
    model,
    (engine) =>
      mapInFlight(
        slots,
        (slot) => writeVerdict(engine, slot),
        (done) => context.report(`verdicts ${of}`, done, slots.length),
      ),
    { precision, ...judge },
  )
  const replays = await withModel(
    context,
    model,
    async (engine) => {
      const parts = await replayParts(context, engine, model)
      return mapInFlight(
        slots,
        (slot, i) => replayOne(engine, parts, slot, written[i]!.tokens),
        (done) => context.report(`replays ${of}`, done, slots.length),
      )
    },
    { precision, ...verifier },
  )
  const count = (verdict: AuditVerdict) => replays.filter((replay) => replay.verdict === verdict).length
  return {
    kind,
    verdicts: slots.length,
    tokens: written.reduce((sum, { tokens }) => sum + tokens.length, 0),
    mismatched: count('reject'),
    inconclusive: count('inconclusive'),
    inexact: replays.filter(({ margin }) => margin > 0).length,
    largestMargin: replays.reduce((most, { margin }) => Math.max(most, margin), 0),
  }
}

/** As a validator has them that holds the model in this class. */
async function replayParts(
  { modelsFolder }: SwarmContext,
  { model: { hash } }: Engine,
  name: string,
): Promise<ReplayParts> {
  const calibration = await readCalibration(join(modelsFolder, name), hash)
  const calibrations = new Map(calibration === undefined ? [] : [[hash, calibration]])
  return { calibrations, tolerance: defaultRoundConfig.auditTolerance }
}

async function replayOne(
  engine: Engine,
  parts: ReplayParts,
  { prompt, seed }: VerdictSlot,
  tokens: readonly number[],
): Promise<{ verdict: AuditVerdict; margin: number }> {
  const { hash: model, executionClass } = engine.model
  const pair = { prover: executionClass, verifier: executionClass, model }
  const promptTokens = engine.text.encodePrompt(prompt!)
  const { margins } = await engine.replay({
    ...{ promptTokens, tokens, seed },
    sampling: verdictSampling,
    tolerance: replayTolerance(parts, pair),
  })
  const { verdict } = decideTokens({ margins, promptTokens: promptTokens.length }, parts, pair)
  return { verdict, margin: margins.reduce((a, b) => Math.max(a, b), 0) }
}

/** The right result, and two that a slip would leave. */
function threeTexts({ id, task }: Question): string[] {
  const random = seededRandom(new DataView(id.buffer).getUint32(0, true))
  return [task.answer, distort(random, task.answer), distort(random, task.answer)].map(
    (result) => `answer: ${result}`,
  )
}

/** |recomputed − claimed| of likelihoods, nats a token, one engine batched and threaded otherwise than the other. */
async function compareLikelihoods(context: SwarmContext, count: number): Promise<Record<string, unknown>> {
  const questions = drawQuestions(context.seed, STREAM - 1, count)
  const differences: Record<string, unknown> = {}
  for (const model of ['nano', 'small', 'base'] as const) {
    const scores = (machine: MismatchKind['judge']) =>
      withModel(
        context,
        model,
        (engine) =>
          mapInFlight(questions, async ({ task }) => {
            const tokens = [...engine.text.encodeText(task.worked), engine.model.eosToken]
            const promptTokens = engine.text.encodePrompt(task.prompt)
            return (await engine.score({ promptTokens, tokens })).logProb / tokens.length
          }),
        machine,
      )
    const [claimed, own] = [
      await scores({ maxBatch: 16, threads: 2 }),
      await scores({ maxBatch: 1, threads: 1 }),
    ]
    const sorted = Float64Array.from(claimed, (value, i) => Math.abs(value - own[i]!)).sort()
    differences[model] = {
      answers: count,
      median: quantile(sorted, 0.5),
      p99: quantile(sorted, 0.99),
      largest: sorted.at(-1),
    }
  }
  return differences
}
