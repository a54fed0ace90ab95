import { extractAnswer } from '../inference/tasks/check-answer.ts'

/**
 * The line of an answer that is compared: its last `answer:` line, and its last line where it has none. Judges are shown no more of it
 * either, and two answers with the same result tell different stories on the way to it: hashed whole, they are hardly
 * more alike than a right and a wrong one.
 */
export function comparedLine(text: string): string {
  const result = extractAnswer(text)
  return result === undefined ? text.trim().split('\n').at(-1)! : `answer: ${result}`
}
