import { fitBradleyTerry } from '../bradley-terry.ts'
import type { Preference } from '../preference.ts'
import { weighJudgements } from '../voice.ts'
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
 * beside the verdicts in one fit. Miners of one model choose with one voice, of the weight of one answer: see `answerWeights`.
 */
export const swarm: Rung = (field) => readOut(field, field.weightOf, choices(field))

function readOut(
  field: LadderField,
  weightOf: (voice: string) => number,
  more: readonly Preference[] = [],
): number {
  const { answers, judgements } = byResult(field)
  const preferences = [...weighJudgements(judgements, weightOf), ...more]
  return answers[firstOfBest(fitBradleyTerry(answers.length, preferences).strengths)]!
}

/** Each answer's result over all others, in preferences between results. */
function choices(field: LadderField): Preference[] {
  const { answers, resultOf } = byResult(field)
  const weights = answerWeights(field)
  const voices = field.answerVoices ?? field.results.map((_, i) => String(i))
  const speakers = new Map<string, number>()
  for (const voice of voices) speakers.set(voice, (speakers.get(voice) ?? 0) + 1)
  return resultOf.flatMap((a, i) => {
    const weight = weights[i]! / speakers.get(voices[i]!)!
    if (weight === 0) return []
    return answers.flatMap((_, b) => (a === b ? [] : [{ a, b, winOfA: 1, weight }]))
  })
}
