import type { Bar, Report } from '../suite.ts'

/** What every part of the suite is given. */
export interface EndureContext {
  /** Smaller samples: figures less sure. */
  readonly quick: boolean
  readonly seed: number
  /** Folder in which `nano`, `small` and `base` stand. */
  readonly modelsFolder: string
  /** Milliseconds from any fixed moment. */
  now(): number
  readonly report: Report
}

/** What one part of the suite measured. */
export interface EndurePartResult {
  /** JSON. */
  readonly facts: unknown
  readonly bars: readonly Bar[]
  /** What depends on the machine's speed. */
  readonly timings?: unknown
}

export type EndurePart = (context: EndureContext) => Promise<EndurePartResult>
