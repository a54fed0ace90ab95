import type { Finish } from './commit.ts'

/** Largest margin, in units of a logit, that honest rounding can explain in the fp32 class of one machine. */
export const FP32_MARGIN = 1e-4

export type AuditVerdict = 'accept' | 'reject' | 'inconclusive'

export interface AuditDecision {
  readonly verdict: AuditVerdict
  /** One line for the receipt, empty when accepted. */
  readonly reason: string
}

/**
 * Decides on an answer from its replay. In the fp32 class one margin above the tolerance is proof that the declared model
 * did not choose that token under that seed (655,360 honest tokens had a largest margin of 1.8e-6); an answer without
 * such a token is what an honest miner would have sent.
 * @param margins one a token, in logit units; not finite where the token was outside of top-k or top-p
 */
export function decideReplay(margins: ArrayLike<number>, tolerance: number): AuditDecision {
  for (let position = 0; position < margins.length; position++) {
    const margin = margins[position]!
    if (Number.isNaN(margin))
      return { verdict: 'inconclusive', reason: `replay gave no margin at token ${position}` }
    if (margin > tolerance) {
      return {
        verdict: 'reject',
        reason: `token ${position} lies ${margin.toPrecision(3)} below the replayed choice`,
      }
    }
  }
  return { verdict: 'accept', reason: '' }
}

/**
 * Checks what needs no model: every token is one of the vocabulary (a replay has nothing to say of others, and silence must not
 * protect a cheat), and the answer ends where it says: `stop` means that the end token stands last and only there; `length` means
 * that the whole budget was used without one. Otherwise a miner could cut an honest answer where it pleases.
 * @returns what is wrong, or undefined
 */
export function checkShape(
  tokens: readonly number[],
  finish: Finish,
  limits: {
    readonly maxTokens: number
    readonly stopTokens: readonly number[]
    readonly vocabularySize: number
  },
): string | undefined {
  const stranger = tokens.find((token) => token >= limits.vocabularySize)
  if (stranger !== undefined) return `token ${stranger} is outside of the vocabulary`
  const end = tokens.findIndex((token) => limits.stopTokens.includes(token))
  if (tokens.length > limits.maxTokens)
    return `${tokens.length} tokens where ${limits.maxTokens} were asked for`
  if (end !== -1 && end !== tokens.length - 1) return `the end token stands at ${end}, before the last token`
  if (finish === 'stop') return end === -1 ? 'finish is stop, but the end token is missing' : undefined
  if (end !== -1) return 'finish is length, but the end token stands last'
  return tokens.length < limits.maxTokens ? `finish is length after ${tokens.length} tokens` : undefined
}
