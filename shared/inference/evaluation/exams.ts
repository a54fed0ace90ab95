import type { Random } from '../random.ts'
import { makeChat } from '../tasks/chat.ts'
import { checkAnswer } from '../tasks/check-answer.ts'
import { FAMILIES } from '../tasks/families.ts'
import { makeJudgement, readVerdict } from '../tasks/judge.ts'
import { makeProsePrompt, makeTask } from '../tasks/make-task.ts'
import type { Task } from '../tasks/task.ts'
import type { ChatMessage } from '../text-codec.ts'

export interface ExamQuestion {
  readonly messages: readonly ChatMessage[]
  /** Undefined where there is no truth to check. */
  readonly isRight: ((text: string) => boolean) | undefined
}

/** One row of an evaluation. */
export interface Exam {
  readonly name: string
  /** Whether it counts for the mean score. */
  readonly counts: boolean
  ask(random: Random): ExamQuestion
}

/** Every family of tasks, the follow-up questions of a chat, and, beside the mean score, judgements and stories. */
export const EXAMS: readonly Exam[] = [
  ...FAMILIES.map(({ name }) => ({
    name,
    counts: true,
    ask(random: Random) {
      const task = makeTask(random, name)
      return { messages: [user(task.prompt)], isRight: isRight(task) }
    },
  })),
  {
    name: 'chat',
    counts: true,
    ask(random) {
      const { earlier, ...task } = makeChat(random)
      const reply = { role: 'assistant' as const, content: earlier.worked }
      return { messages: [user(earlier.prompt), reply, user(task.prompt)], isRight: isRight(task) }
    },
  },
  {
    name: 'judge',
    counts: false,
    ask(random) {
      const { prompt, answer } = makeJudgement(random)
      return { messages: [user(prompt)], isRight: (text) => readVerdict(prompt, text) === answer }
    },
  },
  {
    name: 'stories',
    counts: false,
    ask: (random) => ({
      messages: [user(makeProsePrompt(random).prompt)],
      isRight: undefined,
    }),
  },
]

function user(content: string): ChatMessage {
  return { role: 'user', content }
}

function isRight(task: Task): (text: string) => boolean {
  return (text) => checkAnswer(task, text)
}
