import type { Bar, Report } from '../suite.ts'
import type { Sizes } from './sizes.ts'

/** What every part of the suite is given. */
export interface WireContext {
  readonly quick: boolean
  readonly seed: number
  readonly sizes: Sizes
  /** Milliseconds from any fixed moment. */
  now(): number
  readonly report: Report
}

/** What one part of the suite measured. */
export interface WirePartResult {
  readonly bars: readonly Bar[]
  /** Every turn, as JSON: all of it depends on the machine. */
  readonly timings: unknown
}

export type WirePart = (context: WireContext) => Promise<WirePartResult>
