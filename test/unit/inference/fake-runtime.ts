import type { Chunk, Runtime, Sequence } from '../../../shared/inference/runtime.ts'

export interface FakeSequence extends Sequence {
  length: number
}

export interface FakeRuntime {
  readonly runtime: Runtime
  /** Each native call in order: what it read (lengths) or how many it decoded. */
  readonly calls: string[]
  /** Sequences opened and not released. */
  readonly open: Set<Sequence>
  /** Throws in the next call. */
  failNext(): void
}

export interface FakeOptions {
  readonly maxBatch: number
  readonly contextLength?: number
  /** Called in every native call, to let a clock go on. */
  readonly onCall?: () => void
}

/** A model that continues every sequence with its length modulo 100, at temperature 0. */
export function fakeRuntime({ maxBatch, contextLength = 4096, onCall }: FakeOptions): FakeRuntime {
  const vocabularySize = 100
  const calls: string[] = []
  const open = new Set<Sequence>()
  let fails = false

  const enter = async (call: string) => {
    calls.push(call)
    onCall?.()
    // As the real one does: other events have their turn before the result is there.
    await new Promise((resolve) => setImmediate(resolve))
    if (!fails) return
    fails = false
    throw new Error('native failure')
  }
  const rowsOf = (lengths: readonly number[]) => {
    const logits = new Float32Array(lengths.length * vocabularySize)
    for (const [row, length] of lengths.entries())
      logits[row * vocabularySize + (length % vocabularySize)] = 1
    return { logits, hidden: undefined }
  }

  const runtime: Runtime = {
    shape: { vocabularySize, width: 0, contextLength, maxBatch },
    async read(sequences) {
      await enter(`read ${sequences.map((tokens) => tokens.length)}`)
      const padded = Math.max(...sequences.map((tokens) => tokens.length))
      const lengths = sequences.flatMap(() => Array.from({ length: padded }, (_, i) => i + 1))
      return { padded, ...rowsOf(lengths) }
    },
    open() {
      const sequence: FakeSequence = { length: 0 }
      open.add(sequence)
      return sequence
    },
    async extend(chunks: readonly Chunk[]) {
      await enter(`extend ${chunks.map(({ tokens }) => tokens.length)}`)
      for (const { sequence, tokens } of chunks) (sequence as FakeSequence).length += tokens.length
      return rowsOf(chunks.map(({ sequence }) => sequence.length))
    },
    async step(sequences) {
      await enter(`step ${sequences.length}`)
      for (const sequence of sequences) (sequence as FakeSequence).length += 1
      return rowsOf(sequences.map(({ length }) => length))
    },
    release: (sequence) => void open.delete(sequence),
    async close() {},
  }
  return {
    runtime,
    calls,
    open,
    failNext() {
      fails = true
    },
  }
}
