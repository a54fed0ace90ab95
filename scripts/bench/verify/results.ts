import type { AnswersNeeded } from './answers-needed.ts'
import type { DelaySummary } from './delays.ts'
import type { Separation } from './separation.ts'
import type { Tally } from './trial.ts'

/** What one attack, or honest answers, came to in one class. */
export interface AttackRow extends Tally {
  readonly class: string
  readonly attack: string
  /** Why answers were not accepted, by how often. */
  readonly reasons?: Readonly<Record<string, number>>
  /** How many answers it takes to be rejected by any verifier, or by what they leave. */
  readonly answers?: AnswersNeeded
  /** By hidden states. */
  readonly area?: Separation
  /** By tokens alone, answer after answer. */
  readonly delay?: DelaySummary & {
    /** Surprise of the answers. */
    readonly natsPerToken: number
    /** Runs that were caught within a budget, by the budget's name. */
    readonly within: Readonly<Record<string, number>>
  }
}

/** What one part of the suite measured. */
export interface PartResult {
  readonly rows: readonly AttackRow[]
  /** Anything else, as JSON. */
  readonly facts?: Readonly<Record<string, unknown>>
  /** What depends on the machine's speed. */
  readonly timings?: Readonly<Record<string, unknown>>
}
