/** What a process that plays miners is told, as JSON on its command line. */
export interface MinersTask {
  readonly seed: number
  /** Numbers of its miners: `from` to `from + count − 1`. */
  readonly from: number
  readonly count: number
  /** Of the model that they declare. */
  readonly modelFolder: string
  /** Where receipts go. */
  readonly folder: string
}

/** One miner that takes connections. */
export interface MinerAddress {
  readonly hotkey: string
  readonly port: number
}

/** All of a process's miners take connections. */
export interface MinersReady {
  readonly type: 'ready'
  readonly miners: readonly MinerAddress[]
}

/** What the process with the validator is told. */
export interface ValidatorTask {
  readonly seed: number
  /** Folder with the registry and its models. */
  readonly modelsFolder: string
  /** Of the miners' model. */
  readonly modelFolder: string
  readonly folder: string
  readonly miners: readonly MinerAddress[]
  /** Rounds that are measured; one more is profiled. */
  readonly rounds: number
}

/** The sessions stand. */
export interface Connected {
  readonly type: 'connected'
  readonly sessions: number
  /** Seconds of CPU time for all handshakes. */
  readonly cpuSeconds: number
}

/** A round, from its plan to the last receipt. */
export interface RoundMeasured {
  readonly type: 'round'
  readonly challenges: number
  readonly answers: number
  readonly accepted: number
  /** Fields that judges were asked for, and those that they delivered. */
  readonly asked: number
  readonly completed: number
  /** Seconds of CPU time of all threads of the process, and of the wall clock. */
  readonly cpuSeconds: number
  readonly wallSeconds: number
  /** Longest time, in milliseconds, that sockets and timers waited for their turn. */
  readonly longestTurnMs: number
  /** Bytes of the published file. */
  readonly fileBytes: number
}

/** Where the time of the main thread went in one more round: seconds by kind of work. */
export interface Profiled {
  readonly type: 'profiled'
  readonly seconds: Readonly<Record<string, number>>
}

export type ThroughputMessage = MinersReady | Connected | RoundMeasured | Profiled
