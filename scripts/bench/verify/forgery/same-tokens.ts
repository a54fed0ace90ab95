import type { AnswerRows } from '../../../calibrate/measure.ts'

/** Last tokens that a stored row must share, and the most that are compared. */
const LEAST = 4
const MOST = 32

/**
 * Hidden states that a forger kept of other prompts, found by the tokens before them. A language model's state says mostly what the
 * last tokens were, so these are as near as anything that was not computed for this prompt.
 */
export function indexByLastTokens(kept: readonly AnswerRows[]): (answer: AnswerRows) => Float32Array {
  const places = new Map<
    string,
    { readonly sequence: readonly number[]; readonly end: number; readonly row: Float32Array }[]
  >()
  for (const answer of kept) {
    const sequence = sequenceOf(answer)
    for (let position = 0; position < answer.tokens.length; position++) {
      const end = answer.question.declared.length + position
      const key = sequence.slice(end - LEAST, end).join()
      const row = rowAt(answer, position)
      const known = places.get(key)
      if (known === undefined) places.set(key, [{ sequence, end, row }])
      else known.push({ sequence, end, row })
    }
  }
  const anything = rowAt(kept[0]!, 0)
  return (answer) => {
    const sequence = sequenceOf(answer)
    const rows = new Float32Array(answer.tokens.length * answer.width)
    for (let position = 0; position < answer.tokens.length; position++) {
      const end = answer.question.declared.length + position
      let [longest, best] = [0, anything]
      for (const candidate of places.get(sequence.slice(end - LEAST, end).join()) ?? []) {
        const shared = sharedEnd(sequence, end, candidate.sequence, candidate.end)
        if (shared > longest) [longest, best] = [shared, candidate.row]
      }
      rows.set(best, position * answer.width)
    }
    return rows
  }
}

const sequenceOf = ({ question, tokens }: AnswerRows) => [...question.declared, ...tokens]

const rowAt = ({ prover, width }: AnswerRows, position: number) =>
  prover.subarray(position * width, (position + 1) * width)

function sharedEnd(
  one: readonly number[],
  oneEnd: number,
  other: readonly number[],
  otherEnd: number,
): number {
  let shared = 0
  while (shared < MOST && shared < oneEnd && one[oneEnd - 1 - shared] === other[otherEnd - 1 - shared])
    shared++
  return shared
}
