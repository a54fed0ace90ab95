import type { Preference } from './preference.ts'

/** How a judge arrives at its verdicts: it reads pairs and answers, or it sends one likelihood an answer. */
export type JudgeMethod = 'likelihood' | 'prompted'

/**
 * The voice that a judge speaks with: `modelHash:method`. Judges with the same model and method compute the same verdicts,
 * so they are one voice, whose weight does not grow with their number.
 */
export function voiceOf(judge: { model: string; method: JudgeMethod }): string {
  return `${judge.model}:${judge.method}`
}

/** One judge's preferences over the field of one challenge. */
export interface Judgement {
  readonly voice: string
  readonly preferences: readonly Preference[]
}

/**
 * Turns the judgements of one challenge into weighted preferences, ready for the fit: the judges of a voice are averaged pair
 * by pair, and the voice's comparisons are multiplied by its weight. Voices of weight 0, known or not, are silent.
 *
 * @param weightOf weight of a voice in nats, from `judgeWeight` of its pooled counts
 */
export function weighJudgements(
  judgements: readonly Judgement[],
  weightOf: (voice: string) => number,
): Preference[] {
  const voices = [...new Set(judgements.map(({ voice }) => voice))]
  return voices.flatMap((voice) => {
    const weight = weightOf(voice)
    if (weight <= 0) return []
    const members = judgements.filter((judgement) => judgement.voice === voice)
    return averagePreferences(members.map(({ preferences }) => preferences)).map((preference) => ({
      ...preference,
      weight: preference.weight * weight,
    }))
  })
}

/**
 * The mean of several judges' preferences, one a pair, a < b: `winOfA` is the weighted mean, and `weight` the mean weight over
 * the judges that compared the pair, so that ten equal judges count as one.
 */
export function averagePreferences(judges: readonly (readonly Preference[])[]): Preference[] {
  const pairs = new Map<string, { a: number; b: number; wins: number; weight: number; judges: Set<number> }>()
  judges.forEach((preferences, judge) => {
    for (const { a, b, winOfA, weight } of preferences) {
      const [low, high, win] = a < b ? [a, b, winOfA] : [b, a, 1 - winOfA]
      const key = `${low}:${high}`
      const pair = pairs.get(key) ?? { a: low, b: high, wins: 0, weight: 0, judges: new Set() }
      pair.wins += win * weight
      pair.weight += weight
      pair.judges.add(judge)
      pairs.set(key, pair)
    }
  })
  return [...pairs.values()]
    .filter((pair) => pair.weight > 0)
    .map(({ a, b, wins, weight, judges: voters }) => ({
      a,
      b,
      winOfA: Math.min(1, wins / weight),
      weight: weight / voters.size,
    }))
}
