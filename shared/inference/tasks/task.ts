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

/** Uniform in [0, 1); every generator draws from one of these and nothing else. */
export type Random = () => number
