import type { Judgement } from '../voice.ts'

/**
 * The answers to one challenge and what is known of them, from which one is to be read out. Every rung takes the lowest index among
 * equals, so the order of the answers must say nothing: give them in one that a seed decides.
 */
export interface LadderField {
  /** What each answer comes to; equal strings are one result. */
  readonly results: readonly string[]
  /** Chance in (0, 1) that each answer is right, as gold has shown of its model; ½ where nothing is known. */
  readonly reliability: readonly number[]
  /** Of the answers: those of miners that run one model are one voice. Each its own unless told. */
  readonly answerVoices?: readonly string[]
  /** How alike two answers are, in [0, 1]; 1 for an answer and itself. */
  similarity(i: number, j: number): number
  /** Of the judges; preferences index the answers. */
  readonly judgements: readonly Judgement[]
  /** Weight of a voice in nats, from gold: see `judgeWeight`. */
  weightOf(voice: string): number
}

/** One way to read an answer out of a field: its index. Throws where the field is empty. */
export type Rung = (field: LadderField) => number

/** Index of the highest score, the first of equals. @throws RangeError where there is none */
export function firstOfBest(scores: ArrayLike<number>): number {
  if (scores.length === 0) throw new RangeError('a field without answers has none to read out')
  let best = 0
  for (let i = 1; i < scores.length; i++) if (scores[i]! > scores[best]!) best = i
  return best
}
