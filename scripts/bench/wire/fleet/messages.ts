/** What a process that plays miners is told. */
export interface MinersTask {
  readonly seed: number
  /** Numbers of its miners: `from` to `from + count − 1`. */
  readonly from: number
  readonly count: number
}

/** One miner that takes connections. */
export interface MinerAddress {
  readonly hotkey: string
  readonly port: number
}

/** What is asked, by the reply. */
export const EXCHANGES = ['commit', 'reveal', 'verdict'] as const
export type Exchange = (typeof EXCHANGES)[number]

/** What the validator's process is told, one line at a time. */
export type Order =
  /** Sessions with these and no others, kept until the process ends. */
  | { readonly do: 'connect'; readonly miners: readonly MinerAddress[] }
  /** As many exchanges as can be, `width` under way at once, with the miners in turn. */
  | { readonly do: 'load'; readonly exchange: Exchange; readonly width: number; readonly ms: number }
  /** Exchanges one after the other at an even pace, whether earlier ones are answered or not. */
  | { readonly do: 'pace'; readonly exchange: Exchange; readonly perSecond: number; readonly ms: number }
  /** All miners asked in the same moment. */
  | { readonly do: 'burst'; readonly exchange: Exchange }
  /** Signatures alone, in one thread. */
  | { readonly do: 'verify' | 'sign'; readonly ms: number }

/** What came of an order. */
export interface Done {
  readonly count: number
  readonly ms: number
  /** Milliseconds of CPU time of the validator's process. */
  readonly cpuMs: number
  /** Milliseconds from sending until the reply was there and, for commits, verified. */
  readonly latencies: readonly number[]
  /** Milliseconds from sending until the reply was there. */
  readonly arrivals: readonly number[]
  /** Bytes of resident memory afterwards, and at most so far. */
  readonly rss: number
  readonly maxRss: number
  /** Bytes of the frames of one exchange, there and back. */
  readonly sent: number
  readonly received: number
}
