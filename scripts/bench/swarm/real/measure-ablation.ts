import { reliabilityWeightedMedoid } from '../../../../shared/consensus/ladder/medoids.ts'
import { bradleyTerry } from '../../../../shared/consensus/ladder/ranking.ts'
import { groupAnswers } from '../../../../validator/round/groups.ts'
import type { Bar } from '../../suite.ts'
import type { SwarmPart } from '../part.ts'
import { collectAnswers } from './answers.ts'
import { type CollectedField, judgeFields } from './collect.ts'
import { defaultRoundConfig } from './config.ts'
import { fieldOf, ladderField, type RealField, type Trust } from './fields.ts'
import { hashFields } from './hashes.ts'
import { drawQuestions } from './questions.ts'
import { FULL, QUICK } from './sample-sizes.ts'
import { mean } from './statistics.ts'
import { MIXED } from './swarms.ts'
import { trustFrom } from './trust.ts'

/** What one way of making comparisons fewer came to. */
export interface AblationFacts {
  readonly way: 'none' | 'clusters' | 'medoid'
  readonly accuracy: number
  /** A field and judge: answers or clusters in its schedule, pairs, and those that the judge was asked about. */
  readonly items: number
  readonly pairs: number
  readonly asked: number
  /** Share of the fields in which a right and a wrong answer were put together. */
  readonly mixedUp: number
}

const STREAM = 31
/** One of each voice that has weight. */
const JUDGES = [
  { model: 'small', name: 'judge small no. 1' },
  { model: 'base', name: 'judge base no. 1' },
] as const

/** Without clusters, with them, and with nothing but them: comparisons and accuracy on the same fields. */
export const measureAblation: SwarmPart = async (context) => {
  const { ablation, warmUp } = context.quick ? QUICK : FULL
  const swarm = { ...MIXED, judges: JUDGES }
  const questions = drawQuestions(context.seed, STREAM, warmUp + ablation)
  const answers = await collectAnswers(context, questions, swarm.answerers)
  const whole = questions.map((question, q) => everyAnswer(fieldOf(question, answers[q]!)))
  const { by, hashes } = await hashFields(context, whole)
  const clustered = whole.map((field, f) => clusteredField(field, hashes[f]!))
  const none = await judgeFields(context, whole, swarm, { likelihood: false })
  const clusters = await judgeFields(context, clustered, swarm, { likelihood: false })
  const { trust } = trustFrom(
    clusters.slice(0, warmUp).map(({ field, prompted }) => ({ field, judgements: prompted })),
  )
  const scored = <T>(all: readonly T[]) => all.slice(warmUp)
  const medoids = scored(whole).map((field, f) => {
    return rightness(field, reliabilityWeightedMedoid(ladderField(field, [], trust, hashes[warmUp + f]!)))
  })
  const ways: AblationFacts[] = [
    { way: 'none', ...judged(scored(none), trust) },
    { way: 'clusters', ...judged(scored(clusters), trust) },
    { way: 'medoid', accuracy: mean(medoids), items: 0, pairs: 0, asked: 0, mixedUp: 0 },
  ]
  return { facts: { hashedBy: by, fields: ablation, ways }, bars: ways.map(ablationBar) }
}

/** A field whose judges are shown every answer. */
function everyAnswer(field: RealField): RealField {
  return { ...field, representatives: field.answers.map((_, i) => i) }
}

/** A field whose judges are shown what the product's grouping leaves; the others stand for what represents them. */
function clusteredField(field: RealField, hashes: readonly Uint8Array[]): RealField {
  const hashed = field.answers.map((answer, i) => ({ text: answer.text, simhash: hashes[i]!, i }))
  const groups = groupAnswers(hashed, defaultRoundConfig)
  const stands = field.answers.map((_, i) => i)
  for (const { representative, members } of groups)
    for (const { answer } of members) stands[answer.i] = representative.i
  return { ...field, representatives: groups.map(({ representative }) => representative.i), stands }
}

function judged(fields: readonly CollectedField[], trust: Trust): Omit<AblationFacts, 'way'> {
  return {
    accuracy: mean(fields.map((collected) => rightness(collected.field, readOutOf(collected, trust)))),
    items: mean(fields.map(({ field }) => field.representatives.length)),
    pairs: mean(fields.map(({ prompted }) => prompted[0]!.preferences.length)),
    asked: mean(fields.map(({ verdicts, prompted }) => verdicts / prompted.length)),
    mixedUp: mean(fields.map(({ field }) => Number(isMixedUp(field)))),
  }
}

/** Bradley-Terry over what judges were shown, and not over equal results: that is what is ablated. */
function readOutOf({ field, prompted }: CollectedField, trust: Trust): number {
  const items = field.answers.map((_, i) => String(field.stands?.[i] ?? i))
  return bradleyTerry({ ...ladderField(field, prompted, trust), results: items })
}

function isMixedUp({ answers, stands }: RealField): boolean {
  return answers.some(({ isRight }, i) => isRight !== answers[stands?.[i] ?? i]!.isRight)
}

function rightness({ answers }: RealField, read: number): number {
  return Number(answers[read]!.isRight)
}

function ablationBar({ way, accuracy, items, pairs, asked, mixedUp }: AblationFacts): Bar {
  const counts = `${items.toFixed(1)} shown, ${pairs.toFixed(1)} pairs, ${asked.toFixed(1)} asked a judge`
  const note = way === 'medoid' ? 'nobody is asked' : `${counts}; right and wrong together in ${mixedUp}`
  return { name: `ablation.${way}`, value: accuracy, unit: 'share right', note }
}
