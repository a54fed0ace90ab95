import { below, pick, type Random } from '../random.ts'
import { extractAnswer } from './check-answer.ts'
import { FAMILIES } from './families.ts'
import { makeSubject } from './prose.ts'
import type { WorkedTask } from './task.ts'
import { linkSteps, storyPrompt } from './wording.ts'

export type Verdict = 'A' | 'B'

/** Longer results than the models were trained to compare are cut. */
const LONGEST_RESULT = 24

/**
 * Asks which of two answers to a prompt is right. Of each answer only its result is shown: what follows its last
 * `answer:`, or its last line where it has none. The label follows the result, so that finding it is a copy.
 */
export function judgePrompt(prompt: string, answerA: string, answerB: string): string {
  return `Judge: ${prompt} ${resultOf(answerA)}=A ${resultOf(answerB)}=B`
}

/**
 * Which of the two answers in a judge's prompt a judgement holds right: the one whose result it wrote before its label, where
 * that is one of them, and otherwise the one that its last `answer:` line names; undefined where it names neither. The result
 * goes first because it is the judgement, and the label only its address: `base` arrives at the right result in 97 of 100, and
 * then writes `=B` whatever it is.
 */
export function readVerdict(prompt: string, text: string): Verdict | undefined {
  const result = text
    .match(/^(.+)=[AB]$/gm)
    ?.at(-1)
    ?.slice(0, -2)
  const isA = result !== undefined && prompt.includes(` ${result}=A `)
  const isB = result !== undefined && prompt.endsWith(` ${result}=B`)
  if (isA !== isB) return isA ? 'A' : 'B'
  const label = extractAnswer(text)
  return label === 'A' || label === 'B' ? label : undefined
}

/**
 * A question with a right answer and a plausibly wrong one, in either order, and one good judgement of them: the steps,
 * the result with its label, and the label as the answer.
 */
export function makeJudgement(random: Random, isBare = false): WorkedTask {
  const { request, steps, answer } = pick(random, FAMILIES).ask(random)
  const prompt = isBare ? `Now ${request}.` : storyPrompt(random, makeSubject(random), request)
  const wrong = distort(random, answer)
  const verdict: Verdict = pick(random, ['A', 'B'])
  const [a, b] = verdict === 'A' ? [answer, wrong] : [wrong, answer]
  const worked = `${linkSteps(random, steps)}\n${answer}=${verdict}\nanswer: ${verdict}`
  return {
    family: 'judge',
    prompt: judgePrompt(prompt, `answer: ${a}`, `answer: ${b}`),
    answer: verdict,
    worked,
  }
}

/** A result as a slip would leave it: two neighbours swapped, or one character replaced by another of its kind. */
export function distort(random: Random, result: string): string {
  const at = below(random, result.length)
  const [here, next] = [result[at]!, result[at + 1]]
  if (next !== undefined && next !== here && random() < 0.3)
    return result.slice(0, at) + next + here + result.slice(at + 2)
  const kind = ['123456789', 'IVXLCDM', 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].find(
    (set) => [...result].every((character) => set.includes(character) || character === '0'),
  )
  const others = [...(kind ?? '?')].filter((character) => character !== here)
  return result.slice(0, at) + pick(random, others) + result.slice(at + 1)
}

function resultOf(answer: string): string {
  const result = extractAnswer(answer) ?? answer.trim().split('\n').at(-1)!
  return result.slice(0, LONGEST_RESULT)
}
