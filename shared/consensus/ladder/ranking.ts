import { fitBradleyTerry } from '../bradley-terry.ts'
import type { Preference } from '../preference.ts'
import { averagePreferences, type Judgement, weighJudgements } from '../voice.ts'
import { byResult } from './by-result.ts'
import { fitCrowd } from './crowd.ts'
import { firstOfBest, type LadderField, type Rung } from './field.ts'
import { answerWeights } from './voting.ts'

/** What all judges alike hold best: Bradley-Terry over the results with every voice at weight 1. */
export const plainBradleyTerry: Rung = (field) => readOut(field, () => 1)

/** What the judges hold best, each voice weighed by gold. */
export const bradleyTerry: Rung = (field) => readOut(field, field.weightOf)

/** The same without gold: voices are weighed by how they agree in this one field. See `fitCrowd` for many fields at once. */
export const crowdBt: Rung = (field) => {
  const { answers, judgements } = byResult(field)
  const [strengths] = fitCrowd([{ count: answers.length, judgements }]).strengths
  return answers[firstOfBest(strengths!)]!
}

/**
 * What judges and answerers together hold best: whoever answers has chosen its result over every other of the field. Such choices stand
 * beside the verdicts in one fit, in the same unit: nats of evidence a comparison.
 */
export const swarm: Rung = (field) => {
  const { answers, judgements } = byResult(field)
  // A pair that a voice sees in both orders is one comparison: it is the same opinion twice.
  const verdicts = [...groupByVoice(judgements)].flatMap(([voice, said]) => {
    const weight = field.weightOf(voice)
    return averagePreferences(said).map((one) => ({ ...one, weight: weight * Math.min(1, one.weight) }))
  })
  const preferences = [...verdicts, ...choices(field)]
  return answers[firstOfBest(fitBradleyTerry(answers.length, preferences).strengths)]!
}

function readOut(field: LadderField, weightOf: (voice: string) => number): number {
  const { answers, judgements } = byResult(field)
  const preferences = weighJudgements(judgements, weightOf)
  return answers[firstOfBest(fitBradleyTerry(answers.length, preferences).strengths)]!
}

function groupByVoice(judgements: readonly Judgement[]): Map<string, (readonly Preference[])[]> {
  const voices = new Map<string, (readonly Preference[])[]>()
  for (const { voice, preferences } of judgements)
    voices.set(voice, [...(voices.get(voice) ?? []), preferences])
  return voices
}

/**
 * Each answer's result over all others, in preferences between results. Answers of one model are right and wrong together: taken to be
 * correlated by a half, n of them say as much as 2n/(n+1) that are not, so never as much as two, however many hotkeys answer.
 */
function choices(field: LadderField): Preference[] {
  const { answers, resultOf } = byResult(field)
  const weights = answerWeights(field)
  const voices = field.answerVoices ?? field.results.map((_, i) => String(i))
  const speakers = new Map<string, number>()
  for (const voice of voices) speakers.set(voice, (speakers.get(voice) ?? 0) + 1)
  return resultOf.flatMap((a, i) => {
    const weight = (2 * weights[i]!) / (speakers.get(voices[i]!)! + 1)
    if (weight === 0) return []
    return answers.flatMap((_, b) => (a === b ? [] : [{ a, b, winOfA: 1, weight }]))
  })
}
