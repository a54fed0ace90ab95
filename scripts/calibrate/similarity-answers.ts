import type { Engine } from '../../shared/inference/engine.ts'
import { below, type Random } from '../../shared/inference/random.ts'
import { startEngine } from '../../shared/inference/start-engine.ts'
import { makeTask } from '../../shared/inference/tasks/make-task.ts'
import type { Task } from '../../shared/inference/tasks/task.ts'
import { comparedLine } from '../../shared/similarity/compared-line.ts'
import { SAMPLING } from './measure.ts'

/** Answers of some models to one task. */
export interface Field {
  readonly task: Task
  readonly answers: readonly { readonly text: string; readonly result: string }[]
}

/** What of an answer is embedded, and after what. */
export interface Part {
  readonly before: string
  readonly embedded: string
}

/** Ways to embed an answer, the one that is used last; each reads the prompt first. */
export const PARTS: Readonly<Record<string, (text: string) => Part>> = {
  'whole answer': (text) => ({ before: '', embedded: text }),
  'after the story': (text) => splitAt(text, text.indexOf('\n') + 1),
  'last line': (text) => splitAt(text, text.lastIndexOf('\n') + 1),
  'last line alone': (text) => ({ before: '', embedded: comparedLine(text) }),
}

function splitAt(text: string, at: number): Part {
  return { before: text.slice(0, at), embedded: text.slice(at) }
}

/** Asks every model the same tasks, so often each, at the temperature of service; models run one after another. */
export async function answerFields(
  random: Random,
  folders: readonly string[],
  { fields, each, maxTokens, threads }: { fields: number; each: number; maxTokens: number; threads: number },
): Promise<Field[]> {
  const tasks = Array.from({ length: fields }, () => makeTask(random))
  const columns: string[][] = []
  for (const folder of folders) {
    const engine = await startEngine({ modelFolder: folder, threads, maxQueue: fields })
    try {
      for (let time = 0; time < each; time++) {
        const seeds = tasks.map(() => Uint8Array.from({ length: 32 }, () => below(random, 256)))
        columns.push(
          await Promise.all(tasks.map(({ prompt }, i) => answer(engine, prompt, seeds[i]!, maxTokens))),
        )
      }
    } finally {
      await engine.close()
    }
  }
  return tasks.map((task, i) => ({
    task,
    answers: columns.map((texts) => ({ text: texts[i]!, result: comparedLine(texts[i]!) })),
  }))
}

async function answer(engine: Engine, prompt: string, seed: Uint8Array, maxTokens: number): Promise<string> {
  const promptTokens = engine.text.encodePrompt(prompt)
  return (await engine.generate({ promptTokens, maxTokens, sampling: SAMPLING, seed })).text
}
