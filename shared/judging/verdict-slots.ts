import {
  hasPlainResult,
  judgedResult,
  promptOf,
  type ShownResults,
  type Verdict,
} from '../inference/tasks/judge.ts'
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
  /** Undefined where nobody is asked, as both results are one, or just one of the answers has a plain result. */
  readonly prompt: string | undefined
  /** What holds where nobody is asked: the answer that alone has a plain result, as without one nothing is right; undefined is a tie. */
  readonly settled: Verdict | undefined
  readonly seed: Uint8Array
}

/** The verdicts of one judge on one field, in order. */
export function verdictSlots({ id, judge, prompt, answers }: JudgedChallenge): VerdictSlot[] {
  const shown = answers.map((answer) => ({ result: judgedResult(answer), isPlain: hasPlainResult(answer) }))
  return pairSchedule(answers.length, pairOrderSeed(id, judge)).map(({ a, b }, k) => {
    const [first, second] = [shown[a]!, shown[b]!]
    const results = [first.result, second.result] as const
    const settled = first.isPlain === second.isPlain ? undefined : first.isPlain ? 'A' : 'B'
    const isAsked = settled === undefined && results[0] !== results[1]
    const asked = isAsked ? promptOf(prompt, results) : undefined
    return { a, b, results, prompt: asked, settled, seed: verdictSeed(id, judge, k) }
  })
}

/** Seed of a judge's k-th verdict on a challenge: 32 bytes that nobody else samples under. */
export function verdictSeed(challenge: Uint8Array, judge: Uint8Array, k: number): Uint8Array {
  return taggedHash('starling/verdict-seed/v1', challenge, judge, u32(k))
}
