/** How long things are measured. */
export interface Sizes {
  /** Turns of each contender of a race, after one that does not count. */
  readonly turns: number
  /** Milliseconds of a turn. */
  readonly turnMs: number
  /** Milliseconds of the first turn, in which code is compiled. */
  readonly warmMs: number
  /** Milliseconds of one figure of messages. */
  readonly messageMs: number
  /** Connected miners at which messages are measured, ascending. */
  readonly connected: readonly number[]
  /** Miners that are connected to one validator. */
  readonly fleet: number
  /** Milliseconds at a steady pace, and moments in which all are asked at once. */
  readonly paceMs: number
  readonly bursts: number
}

export const FULL: Sizes = {
  ...{ turns: 7, turnMs: 2_000, warmMs: 4_000 },
  ...{ messageMs: 2_000, connected: [1, 64, 256] },
  ...{ fleet: 256, paceMs: 20_000, bursts: 20 },
}

export const QUICK: Sizes = {
  ...{ turns: 3, turnMs: 500, warmMs: 1_000 },
  ...{ messageMs: 400, connected: [1, 16] },
  ...{ fleet: 32, paceMs: 2_000, bursts: 3 },
}
