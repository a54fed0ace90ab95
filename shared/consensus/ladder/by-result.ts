import type { Preference } from '../preference.ts'
import type { Judgement } from '../voice.ts'
import type { LadderField } from './field.ts'

/** A field in which each result stands once, whoever came to it. */
export interface ResultField {
  /** Index of the first answer of each result. */
  readonly answers: readonly number[]
  /** Which result each answer comes to. */
  readonly resultOf: readonly number[]
  /** Preferences index the results; what was said within one result is left out. */
  readonly judgements: readonly Judgement[]
}

/**
 * Results instead of answers: whatever was said of one answer is said of its result, so that an answer that nobody was shown, because
 * another with its result was, ranks with that one.
 */
export function byResult({ results, judgements }: Pick<LadderField, 'results' | 'judgements'>): ResultField {
  const places = new Map<string, number>()
  const answers: number[] = []
  const resultOf = results.map((result, i) => {
    const place = places.get(result) ?? places.size
    if (place === places.size) {
      places.set(result, place)
      answers.push(i)
    }
    return place
  })
  const moved = (preferences: readonly Preference[]) =>
    preferences
      .map(({ a, b, ...rest }) => ({ a: resultOf[a]!, b: resultOf[b]!, ...rest }))
      .filter(({ a, b }) => a !== b)
  return {
    answers,
    resultOf,
    judgements: judgements.map(({ voice, preferences }) => ({ voice, preferences: moved(preferences) })),
  }
}
