/** How much each part of the suite measures. Times in milliseconds. */
export interface SampleSizes {
  /** Steady decoding for each batch size, in windows of one group of answers each. */
  readonly decodeMs: number
  readonly leastWindows: number
  readonly prefillRuns: number
  /** Of each graph that rates the machine. */
  readonly rateMs: number
  /** Of closed loop for the capacity, and of each load. */
  readonly capacityMs: number
  readonly loadMs: number
  readonly kills: number
  /** Requests whose tokens are compared alone and under load. */
  readonly sameRequests: number
  readonly tasksPerFamily: number
  /** Turns of ours and theirs; 0 leaves the peers out. */
  readonly peerTurns: number
}

export const FULL: SampleSizes = {
  decodeMs: 4_000,
  leastWindows: 5,
  prefillRuns: 25,
  rateMs: 1_500,
  capacityMs: 5_000,
  loadMs: 20_000,
  kills: 5,
  sameRequests: 1_000,
  tasksPerFamily: 100,
  peerTurns: 5,
}

export const QUICK: SampleSizes = {
  decodeMs: 700,
  leastWindows: 3,
  prefillRuns: 5,
  rateMs: 250,
  capacityMs: 1_000,
  loadMs: 3_000,
  kills: 1,
  sameRequests: 50,
  tasksPerFamily: 10,
  peerTurns: 0,
}
