import { fieldQuality, fitBradleyTerry } from '../../shared/consensus/bradley-terry.ts'
import { countGoldPairs, type JudgementCounts } from '../../shared/consensus/judge-reliability.ts'
import { likelihoodPreferences } from '../../shared/consensus/pairs.ts'
import { voiceOf, weighJudgements } from '../../shared/consensus/voice.ts'
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
 * @param weightOf weight of a voice in nats, from what is known of it and its gold pairs of this round
 */
export function rankAnswers(
  fields: readonly JudgedField[],
  weightOf: (voice: string, fresh: JudgementCounts) => number,
): Ranking {
  const judges = judgeOutcomes(fields)
  const fresh = new Map<string, JudgementCounts>()
  for (const judge of judges) {
    const { right, wrong } = fresh.get(voiceOf(judge)) ?? { right: 0, wrong: 0 }
    fresh.set(voiceOf(judge), { right: right + judge.goldRight, wrong: wrong + judge.goldWrong })
  }
  const qualities = new Map<AuditedAnswer, number>()
  for (const verdicts of groupByChallenge(fields).values()) {
    const { answers } = verdicts[0]!
    const judgements = verdicts.flatMap(({ judge, scores }) => {
      if (scores === undefined) return []
      const voice = voiceOf({ model: judge.model.hash, method: 'likelihood' })
      return [{ voice, preferences: likelihoodPreferences(scores, TIE) }]
    })
    const preferences = weighJudgements(judgements, (voice) => weightOf(voice, fresh.get(voice)!))
    fieldQuality(fitBradleyTerry(answers.length, preferences).strengths).forEach((quality, i) => {
      qualities.set(answers[i]!, quality)
    })
  }
  return { qualities, judges }
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
