/** Sizes that the scheduler and its callers need of a loaded model. */
export interface RuntimeShape {
  readonly vocabularySize: number
  /** Width of the final-norm hidden state; 0 where the graph does not give it. */
  readonly width: number
  /** Prompt and answer together never exceed this many tokens. */
  readonly contextLength: number
  /** Sequences that one step may hold. */
  readonly maxBatch: number
}

/** A sequence whose keys and values the runtime keeps. Only the runtime that opened it may look inside. */
export interface Sequence {
  /** Tokens read so far. */
  readonly length: number
}

/** Results of reading whole sequences, right-padded to one length: row-major [batch, padded, ·]. */
export interface ReadBatch {
  readonly padded: number
  readonly logits: Float32Array
  /** Only if asked for. */
  readonly hidden: Float32Array | undefined
}

/** One row for each sequence of a call, in the call's order: row-major [sequences, ·]. Valid until the next call. */
export interface StepRows {
  readonly logits: Float32Array
  /** Only if asked for. */
  readonly hidden: Float32Array | undefined
}

/** The next tokens of a prompt. */
export interface Chunk {
  readonly sequence: Sequence
  readonly tokens: readonly number[]
}

/**
 * A model on one device, as the scheduler sees it. Calls must not overlap. Equal tokens give equal rows whatever else
 * shares a call, so far as the execution class can hold that.
 */
export interface Runtime {
  readonly shape: RuntimeShape
  /** Reads whole sequences and keeps nothing: for replay, score and prefill. */
  read(sequences: readonly (readonly number[])[], wantHidden: boolean): Promise<ReadBatch>
  /** An empty sequence; costs nothing until it is extended. */
  open(): Sequence
  /** Reads a chunk of each prompt; row i is that of chunk i's last token. All sequences different. */
  extend(chunks: readonly Chunk[], wantHidden: boolean): Promise<StepRows>
  /**
   * Feeds token i to sequence i: a decode step. Every sequence that has been in a step must be in each later one until it is
   * released, so that the runtime may keep them side by side; their order is free.
   */
  step(sequences: readonly Sequence[], tokens: readonly number[], wantHidden: boolean): Promise<StepRows>
  /** Forgets a sequence. Any state of it, also one never extended. */
  release(sequence: Sequence): void
  /** Milliseconds spent in native calls so far; what a turn takes beyond them is the scheduler's own cost. */
  runMs?(): number
  close(): Promise<void>
}
