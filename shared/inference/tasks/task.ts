import type { Random } from '../random.ts'

/** A checkable question. `answer` is its canonical result, as it must appear after the last "answer:". */
export interface Task {
  readonly family: string
  readonly prompt: string
  readonly answer: string
}

/** A task and one right answer to it in full: prose, worked steps, result. */
export interface WorkedTask extends Task {
  readonly worked: string
}

export interface Solution {
  /** What leads to the answer, each step short and checkable. */
  readonly steps: readonly string[]
  readonly answer: string
}

/** One question of a family, before it is wrapped in prose. */
export interface Question extends Solution {
  /** What is asked, as the end of a sentence: `add 374 and 258`. */
  readonly request: string
}

export interface Family {
  readonly name: string
  /** @param lean towards larger (above 0) or smaller questions, where they have a size: see `sizeBelow` */
  ask(random: Random, lean?: number): Question
}
