import type { Bar, Report } from '../suite.ts'
import type { Scenario } from './simulate/scenario.ts'

/** What every part of the suite is given. */
export interface SwarmContext {
  /** Smaller samples: figures less sure. */
  readonly quick: boolean
  readonly seed: number
  /** Folder in which `nano`, `small` and `base` stand. */
  readonly modelsFolder: string
  /** Who takes part, where the run has a file that says so. */
  readonly scenario?: Scenario
  /** Milliseconds from any fixed moment. */
  now(): number
  readonly report: Report
  /** Worker threads that may compute at once; results do not depend on it. */
  readonly threads: number
}

/** What one part of the suite measured. */
export interface SwarmPartResult {
  /** JSON, the same for the same seed. */
  readonly facts: unknown
  readonly bars: readonly Bar[]
  /** What depends on the machine's speed. */
  readonly timings?: unknown
}

export type SwarmPart = (context: SwarmContext) => Promise<SwarmPartResult>
