import type { Environment } from './environment.ts'

/** One figure. Names are fixed, so that figures can be followed over time. */
export interface Bar {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What the same measurement gives when nothing is done, or what is asked for at least. */
  readonly floor?: number
  /** What others have published for the same thing. */
  readonly published?: number
  readonly note?: string
}

export interface SuiteOptions {
  /** Smaller samples: under a minute, figures less sure. */
  readonly quick: boolean
  readonly seed: number
  /** A file that the suite reads; only given to suites that take one. */
  readonly scenario: string | undefined
  /** Folder of the model to measure, and the parts to run, where the suite takes that; all parts unless told. */
  readonly model?: string
  readonly only?: readonly string[]
  /** `raw` of an earlier run in the file that is written to, where only some parts are run. */
  readonly previous?: unknown
  /** Keeps what has been measured so far, in case that a later part fails. */
  readonly save?: (result: SuiteResult) => Promise<void>
  /** Milliseconds from any fixed moment. */
  readonly now: () => number
}

/** Says how far a suite is: `done` of `total` of `what`. Cheap enough to be called at every step. */
export type Report = (what: string, done: number, total: number) => void

export interface SuiteResult {
  /** The outcomes that the bars are computed from, as JSON. */
  readonly raw: unknown
  readonly bars: readonly Bar[]
  /** Markdown by name, for the page that --doc names. */
  readonly tables?: Readonly<Record<string, string>>
  /** The raw outcomes as rows, which --csv writes beside the bars; the first row names the columns. */
  readonly outcomes?: readonly (readonly CsvCell[])[]
}

/** Undefined is an empty cell. */
export type CsvCell = string | number | undefined

/** A run that is over, as the file of --json holds it. */
export interface BenchRun {
  readonly suite: string
  readonly quick: boolean
  readonly environment: Environment
  readonly raw: unknown
  readonly bars: readonly Bar[]
}

/** A benchmark: one folder under `scripts/bench/`, entered in `registry.ts`. */
export interface Suite {
  run(options: SuiteOptions, report: Report): Promise<SuiteResult>
  /** A page that needs nothing but itself, for --html. */
  html?(run: BenchRun): string
}
