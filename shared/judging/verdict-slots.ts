import { judgedResults, judgePrompt, type ShownResults } from '../inference/tasks/judge.ts'
import { taggedHash, u32 } from '../proof/hash.ts'
import { pairOrderSeed, pairSchedule, type ScheduledPair } from './pair-schedule.ts'

/** What two sides must agree on to know every verdict of a judge on a field. */
export interface JudgedChallenge {
  /** Challenge id, 32 bytes. */
  readonly id: Uint8Array
  /** The judge's public key, 32 bytes. */
  readonly judge: Uint8Array
  readonly prompt: string
  /** Texts, in the order in which they are shown. */
  readonly answers: readonly string[]
}

/** One verdict of a prompted judge: what it reads, and the seed that it writes under. */
export interface VerdictSlot extends ScheduledPair {
  readonly results: ShownResults
  /** Undefined where both results are one: that is a tie, which nobody is asked for. */
  readonly prompt: string | undefined
  readonly seed: Uint8Array
}

/** The verdicts of one judge on one field, in order. */
export function verdictSlots({ id, judge, prompt, answers }: JudgedChallenge): VerdictSlot[] {
  return pairSchedule(answers.length, pairOrderSeed(id, judge)).map(({ a, b }, k) => {
    const [first, second] = [answers[a]!, answers[b]!]
    const results = judgedResults(first, second)
    const asked = results[0] === results[1] ? undefined : judgePrompt(prompt, first, second)
    return { a, b, results, prompt: asked, seed: verdictSeed(id, judge, k) }
  })
}

/** Seed of a judge's k-th verdict on a challenge: 32 bytes that nobody else samples under. */
export function verdictSeed(challenge: Uint8Array, judge: Uint8Array, k: number): Uint8Array {
  return taggedHash('starling/verdict-seed/v1', challenge, judge, u32(k))
}
