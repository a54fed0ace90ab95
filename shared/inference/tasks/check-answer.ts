import type { Task } from './task.ts'

/** The result that a text ends with: what follows its last `answer:`, up to the end of that line. */
export function extractAnswer(text: string): string | undefined {
  const start = text.lastIndexOf('answer:')
  if (start < 0) return undefined
  return text
    .slice(start + 'answer:'.length)
    .split('\n', 1)[0]!
    .trim()
}

/** True where a text's last `answer:` line holds the task's result, letter for letter. */
export function checkAnswer(task: Task, text: string): boolean {
  return extractAnswer(text) === task.answer
}
