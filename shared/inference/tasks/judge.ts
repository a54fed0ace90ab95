import { below, pick, type Random } from '../random.ts'
import { extractAnswer } from './check-answer.ts'
import { FAMILIES } from './families.ts'
import { makeSubject } from './prose.ts'
import type { WorkedTask } from './task.ts'
import { linkSteps, storyPrompt } from './wording.ts'

export type Verdict = 'A' | 'B'

/** Longer results than the models were trained to compare are cut. */
const LONGEST_RESULT = 24

/** Results of two answers as a judge sees them, the first labelled A and the second B. */
export type ShownResults = readonly [a: string, b: string]

/**
 * Asks which of two answers to a prompt is right. Of each answer only its result is shown: what follows its last
 * `answer:`, or its last line where it has none. The label follows the result, so that finding it is a copy.
 */
export function judgePrompt(prompt: string, answerA: string, answerB: string): string {
  return promptOf(prompt, judgedResults(answerA, answerB))
}

/** `judgePrompt` of results that `judgedResult` gave. */
export function promptOf(prompt: string, [a, b]: ShownResults): string {
  return `Judge: ${prompt} ${a}=A ${b}=B`
}

/** The results that `judgePrompt` shows of two answers. */
export function judgedResults(answerA: string, answerB: string): ShownResults {
  return [judgedResult(answerA), judgedResult(answerB)]
}

/**
 * Which of two results a judgement holds right: the one that it wrote before its label, where that is one of them, and otherwise
 * the one that its last `answer:` line names; undefined where it names neither. The result goes first because it is the
 * judgement, and the label only its address: `base` arrives at the right result in 97 of 100, and then writes `=B`
 * whatever it is.
 */
export function readJudgement([a, b]: ShownResults, text: string): Verdict | undefined {
  const result = text
    .match(/^(.+)=[AB]$/gm)
    ?.at(-1)
    ?.slice(0, -2)
  const isA = result === a
  const isB = result === b
  if (isA !== isB) return isA ? 'A' : 'B'
  const label = extractAnswer(text)
  return label === 'A' || label === 'B' ? label : undefined
}

/** `readJudgement` of a prompt whose first result has no space, as those of `makeJudgement`. */
export function readVerdict(prompt: string, text: string): Verdict | undefined {
  const [, a, b] = /(?:^| )([^ =]*)=A ([^=]*)=B$/.exec(prompt) ?? []
  return readJudgement([a ?? '', b ?? ''], text)
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

/** Letters and digits, with single marks between them. */
const WORD = /^[\p{L}\p{N}]+(?:[-.,:'’][\p{L}\p{N}]+)*$/u

/**
 * Whether an answer comes to one word, as every right answer to a task does. Who writes more where the result is due may be talking to
 * the judge, and even a judge that does not listen errs more often over what it never saw in training.
 */
export function hasPlainResult(answer: string): boolean {
  const result = writtenResult(answer)
  return result.length <= LONGEST_RESULT && WORD.test(result)
}

function writtenResult(answer: string): string {
  return extractAnswer(answer) ?? answer.trim().split('\n').at(-1)!
}

/**
 * What of an answer a judge reads. It is data: without the sign that labels a result, and in one run of characters that are
 * seen, it can't be taken for another result, a label or a line of its own.
 */
export function judgedResult(answer: string): string {
  const result = writtenResult(answer)
  // Composed first, so that no look-alike of a sign becomes that sign in somebody's tokenizer.
  const plain = result
    .normalize('NFKC')
    .replace(/[\s\p{Z}]+/gu, ' ')
    .replace(/[=\p{C}]/gu, '?')
  return Array.from(plain).slice(0, LONGEST_RESULT).join('')
}
