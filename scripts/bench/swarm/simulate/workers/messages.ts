import type { SwarmOutcome } from '../play-swarm.ts'
import type { Scenario } from '../scenario.ts'

/** One swarm to simulate. */
export interface Job {
  readonly scenario: Scenario
  readonly seed: number
}

export interface ToWorker {
  readonly at: number
  readonly job: Job
}

/** What a worker thread answers; an error comes as what it is made of, for threads share no classes. */
export type FromWorker =
  | { readonly at: number; readonly outcome: SwarmOutcome }
  | { readonly at: number; readonly error: { code: string; message: string; remedy: string | undefined } }
