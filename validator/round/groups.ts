import type { RoundConfig } from '../config.ts'
import type { AuditedAnswer } from './types.ts'

/** Answers to one challenge that are alike: judges see one of them, and the others inherit what it gets. */
export interface AnswerGroup<A> {
  readonly representative: A
  readonly members: readonly {
    readonly answer: A
    /** To the representative, in [0, 1]; its own is 1. */
    readonly similarity: number
  }[]
}

/** Groups the accepted answers of one challenge, given in the order of its lot; so are the groups, by their first member. */
export function groupAnswers<A extends Pick<AuditedAnswer, 'text'>>(
  answers: readonly A[],
  _config: Pick<RoundConfig, 'clusterBits' | 'maxJudged'>,
): AnswerGroup<A>[] {
  return answers.map((answer) => ({ representative: answer, members: [{ answer, similarity: 1 }] }))
}
