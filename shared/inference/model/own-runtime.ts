import { KvCache } from '../engine/kv-cache.ts'
import { type Optimization, openSession } from '../onnx/session.ts'
import type { Precision } from '../precision.ts'
import type { Chunk, Runtime, Sequence, StepRows } from '../runtime.ts'
import type { Architecture } from './architecture.ts'
import { decodeGraph } from './decode-graph.ts'
import { decodeFeeds, type Named, paddedLength, pastOf, perLayer, prefillFeeds, type Row } from './feeds.ts'
import { prefillGraph } from './prefill-graph.ts'
import type { Weights } from './weights.ts'

export interface OwnRuntimeOptions {
  readonly architecture: Architecture
  readonly weights: Weights
  readonly threads: number
  /** Of the layers’ matrices; float32 unless told. */
  readonly precision?: Precision
  readonly maxBatch: number
  /** Threads spin while they wait; see `openSession`. */
  readonly dedicated?: boolean
  /** Of the graphs; all unless told. */
  readonly optimization?: Optimization
  /** Milliseconds, monotonic. */
  readonly now: () => number
}

/** First its past is what the last chunk left; once it decodes, a slot of the cache. */
interface OwnSequence extends Sequence {
  length: number
  past: Row | undefined
  slot: number | undefined
}

/** A model of ours on the CPU: one graph reads prompts, another decodes over a cache that stays in our memory. */
export async function createOwnRuntime(options: OwnRuntimeOptions): Promise<Runtime> {
  const { architecture, weights, threads, precision, maxBatch, now } = options
  const { vocabularySize, width, contextLength, layers } = architecture
  const { dedicated, optimization } = options
  const open = (graph: Uint8Array) => openSession(graph, threads, dedicated, optimization)
  const prefill = await open(prefillGraph(architecture, weights, precision))
  const decode = await open(decodeGraph(architecture, weights, precision))
  const presentNames = perLayer('present', layers)
  const newNames = perLayer('new', layers)
  const cache = new KvCache(architecture, maxBatch)
  const bySlot: OwnSequence[] = []
  let runMs = 0

  async function timed(run: Promise<Named>): Promise<Named> {
    const start = now()
    try {
      return await run
    } finally {
      runMs += now() - start
    }
  }

  const outputs = (wantHidden: boolean, others: readonly string[]) => [
    'logits',
    ...(wantHidden ? ['hidden_states'] : []),
    ...others,
  ]

  /** Reads chunks that share a past of one length: all of them 0, or there is but one. */
  async function extendTogether(chunks: readonly Chunk[], wantHidden: boolean): Promise<StepRows> {
    const sequences = chunks.map((chunk) => chunk.sequence as OwnSequence)
    const tokens = chunks.map((chunk) => chunk.tokens)
    const [{ length: pastLength, past } = { length: 0, past: undefined }] = sequences
    // After a past there is no padding, and no other sequence that could differ in length.
    const padded = past === undefined ? paddedLength(tokens) : tokens[0]!.length
    const lastRows = tokens.map((own, row) => row * padded + own.length - 1)
    const feeds = prefillFeeds(architecture, tokens, padded, lastRows, pastOf(architecture, past))
    const present = await timed(prefill.run(feeds, outputs(wantHidden, presentNames)))
    for (const [index, sequence] of sequences.entries()) {
      sequence.length += tokens[index]!.length
      sequence.past = { present, index, padded: pastLength + padded, length: sequence.length }
    }
    return { logits: present.get('logits')!, hidden: present.get('hidden_states') }
  }

  function join(sequence: OwnSequence): void {
    if (sequence.slot !== undefined) return
    const { present, index, padded, length } = sequence.past!
    sequence.slot = cache.admit(present, index, padded, length)
    sequence.past = undefined
    bySlot.push(sequence)
  }

  return {
    shape: { vocabularySize, width, contextLength, maxBatch },

    async read(sequences, wantHidden) {
      const padded = paddedLength(sequences)
      const all = Array.from({ length: sequences.length * padded }, (_, row) => row)
      const feeds = prefillFeeds(architecture, sequences, padded, all, pastOf(architecture, undefined))
      const results = await timed(prefill.run(feeds, outputs(wantHidden, [])))
      return { padded, logits: results.get('logits')!, hidden: results.get('hidden_states') }
    },

    open: (): OwnSequence => ({ length: 0, past: undefined, slot: undefined }),

    async extend(chunks, wantHidden) {
      const logits = new Float32Array(chunks.length * vocabularySize)
      const hidden = wantHidden ? new Float32Array(chunks.length * width) : undefined
      for (const group of groupsOf(chunks)) {
        const rows = await extendTogether(
          group.map((place) => chunks[place]!),
          wantHidden,
        )
        for (const [row, place] of group.entries()) {
          copyRow(rows.logits, row, logits, place, vocabularySize)
          if (hidden !== undefined) copyRow(rows.hidden!, row, hidden, place, width)
        }
      }
      return { logits, hidden }
    },

    async step(sequences, tokens, wantHidden) {
      const own = sequences as readonly OwnSequence[]
      for (const sequence of own) join(sequence)
      if (bySlot.length !== own.length) throw new RangeError('a step must hold every decoding sequence')
      const fed = new BigInt64Array(own.length)
      for (const [i, sequence] of own.entries()) fed[sequence.slot!] = BigInt(tokens[i]!)
      cache.reserveNext()
      const results = await timed(decode.run(decodeFeeds(cache, fed), outputs(wantHidden, newNames)))
      cache.append(results)
      for (const sequence of own) sequence.length += 1
      const inCallOrder = (data: Float32Array, size: number) => {
        if (own.every((sequence, i) => sequence.slot === i)) return data
        const out = new Float32Array(data.length)
        for (const [i, sequence] of own.entries()) copyRow(data, sequence.slot!, out, i, size)
        return out
      }
      const hidden = results.get('hidden_states')
      return {
        logits: inCallOrder(results.get('logits')!, vocabularySize),
        hidden: hidden && inCallOrder(hidden, width),
      }
    },

    release(sequence) {
      const { slot } = sequence as OwnSequence
      if (slot === undefined) return
      cache.remove(slot)
      const last = bySlot.pop()!
      if (slot === bySlot.length) return
      bySlot[slot] = last
      last.slot = slot
    },

    runMs: () => runMs,

    async close() {
      await prefill.release()
      await decode.release()
    },
  }
}

/** Places of the chunks that one run can read: beginnings together, later chunks one by one. */
function groupsOf(chunks: readonly Chunk[]): number[][] {
  const places = [...chunks.keys()]
  const isFirst = (place: number) => chunks[place]!.sequence.length === 0
  const firsts = places.filter(isFirst)
  const later = places.filter((place) => !isFirst(place)).map((place) => [place])
  return firsts.length === 0 ? later : [firsts, ...later]
}

function copyRow(from: Float32Array, row: number, to: Float32Array, place: number, size: number): void {
  to.set(from.subarray(row * size, (row + 1) * size), place * size)
}
