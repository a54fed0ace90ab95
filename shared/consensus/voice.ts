/** How a judge arrives at its verdicts: it reads pairs and answers, or it sends one likelihood an answer. */
export type JudgeMethod = 'likelihood' | 'prompted'

/**
 * The voice that a judge speaks with: `modelHash:method`. Judges with the same model and method compute the same verdicts,
 * so they are one voice, whose weight does not grow with their number.
 */
export function voiceOf(judge: { model: string; method: JudgeMethod }): string {
  return `${judge.model}:${judge.method}`
}
