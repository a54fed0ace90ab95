/** How much a run draws and measures. */
export interface SampleSizes {
  readonly subnets: number
  /** Every so many subnets one has 256 neurons; the others have 2 to 64. */
  readonly largeEvery: number
  /** Milliseconds for which TypeScript's epochs of one kind are timed, at least. */
  readonly timedMs: number
  /** Calls of the runtime that are timed for each size of subnet. */
  readonly runtimeCalls: number
}

export const FULL: SampleSizes = { subnets: 1_000, largeEvery: 50, timedMs: 3_000, runtimeCalls: 7 }
/** Under a minute. */
export const QUICK: SampleSizes = { subnets: 50, largeEvery: 25, timedMs: 500, runtimeCalls: 1 }
