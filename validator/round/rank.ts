import { fieldQuality, fitBradleyTerry } from '../../shared/consensus/bradley-terry.ts'
import {
  countGoldPairs,
  type JudgementCounts,
  judgeAccuracy,
  judgeWeight,
} from '../../shared/consensus/judge-reliability.ts'
import { likelihoodPreferences } from '../../shared/consensus/pairs.ts'
import type { Preference } from '../../shared/consensus/preference.ts'
import { voiceOf } from '../../shared/consensus/voice.ts'
import type { JudgeOutcome } from '../scoring/outcome.ts'
import type { AuditedAnswer, JudgedField, PlannedChallenge } from './types.ts'

/** Nats a token below which two likelihoods are one opinion: above it lies rounding, below it nothing. */
const TIE = 1e-6

export interface Ranking {
  /** Mean of π_i/(π_i+π_j) over its field, for every answer that was judged. */
  readonly qualities: ReadonlyMap<AuditedAnswer, number>
  readonly judges: readonly JudgeOutcome[]
}

/**
 * Ranks the answers of a round by its judges' verdicts. Gold weighs the judges, this round's gold included, so that a
 * newcomer's verdicts count as soon as it has shown what they are worth.
 * @param known counts of gold pairs by voice, from the rounds before
 */
export function rankAnswers(
  fields: readonly JudgedField[],
  known: Readonly<Record<string, JudgementCounts>>,
  prior: number,
): Ranking {
  const judges = judgeOutcomes(fields)
  const counts = new Map(Object.entries(known))
  for (const { model, method, goldRight, goldWrong } of judges) {
    const voice = voiceOf({ model, method })
    const old = counts.get(voice) ?? { right: 0, wrong: 0 }
    counts.set(voice, { right: old.right + goldRight, wrong: old.wrong + goldWrong })
  }
  const weightOf = (voice: string) =>
    judgeWeight(judgeAccuracy(counts.get(voice) ?? { right: 0, wrong: 0 }, prior))

  const qualities = new Map<AuditedAnswer, number>()
  for (const verdicts of groupByChallenge(fields).values()) {
    const { answers } = verdicts[0]!
    const fit = fitBradleyTerry(answers.length, weighVerdicts(verdicts, weightOf))
    fieldQuality(fit.strengths).forEach((quality, i) => {
      qualities.set(answers[i]!, quality)
    })
  }
  return { qualities, judges }
}

/** Judges of one voice share its weight, however many they are. */
function weighVerdicts(verdicts: readonly JudgedField[], weightOf: (voice: string) => number): Preference[] {
  const delivered = verdicts.filter(({ scores }) => scores !== undefined)
  const voices = delivered.map(({ judge }) => voiceOf({ model: judge.model.hash, method: 'likelihood' }))
  return delivered.flatMap(({ scores }, at) => {
    const voice = voices[at]!
    const share = weightOf(voice) / voices.filter((other) => other === voice).length
    return likelihoodPreferences(scores!, TIE).map((preference) => ({
      ...preference,
      weight: preference.weight * share,
    }))
  })
}

function judgeOutcomes(fields: readonly JudgedField[]): JudgeOutcome[] {
  const outcomes = new Map<string, JudgeOutcome>()
  for (const { challenge, judge, answers, scores } of fields) {
    const before = outcomes.get(judge.hotkey)
    const outcome = before ?? {
      hotkey: judge.hotkey,
      model: judge.model.hash,
      method: 'likelihood',
      asked: 0,
      completed: 0,
      goldRight: 0,
      goldWrong: 0,
    }
    const counts =
      scores === undefined || challenge.gold === undefined
        ? { right: 0, wrong: 0 }
        : countGoldPairs(
            likelihoodPreferences(scores, TIE),
            answers.map(({ correct }) => correct ?? null),
          )
    outcomes.set(judge.hotkey, {
      ...outcome,
      asked: outcome.asked + 1,
      completed: outcome.completed + (scores === undefined ? 0 : 1),
      goldRight: outcome.goldRight + counts.right,
      goldWrong: outcome.goldWrong + counts.wrong,
    })
  }
  return [...outcomes.values()]
}

function groupByChallenge(fields: readonly JudgedField[]): Map<PlannedChallenge, JudgedField[]> {
  const groups = new Map<PlannedChallenge, JudgedField[]>()
  for (const field of fields) groups.set(field.challenge, [...(groups.get(field.challenge) ?? []), field])
  return groups
}
