/** What the node's process is told on its command line, as JSON. */
export interface NodeTask {
  readonly folder: string
  /** Blocks in one window of figures. */
  readonly window: number
}

/** The node takes connections. */
export interface NodeReady {
  readonly type: 'ready'
  readonly url: string
  readonly genesisHash: string
  /** Its newest block. */
  readonly block: number
  /** Milliseconds that opening the folder and making the first block took. */
  readonly openMs: number
}

/** What happened in the last `window` blocks. */
export interface NodeWindow {
  readonly type: 'window'
  readonly lastBlock: number
  /** Milliseconds between blocks, one for each. */
  readonly blockMs: readonly number[]
  /** Bytes of memory of the process, seen now and then. */
  readonly rss: readonly number[]
  /** Bytes in use on the main thread's heap, after a garbage collection. */
  readonly heap: number
  /** Bytes of all files in the folder. */
  readonly files: number
}

export type NodeMessage = NodeReady | NodeWindow
