import type { Chunk, ReadBatch, Runtime, Sequence, StepRows } from '../runtime.ts'
import type { Bindings } from './bindings.ts'
import {
  type CacheBlock,
  emptyBlock,
  firstPosition,
  gather,
  type Place,
  type Side,
  wholeBlock,
} from './cache-block.ts'
import type { Graph, GraphFeed, GraphRun } from './graph-run.ts'
import { type Elements, toFloat32 } from './half.ts'
import { concatenate, inOrder, joinRows, padTogether, rowsOf } from './rows.ts'

/** A sequence with the place of its keys and values. */
interface HeldSequence extends Sequence {
  length: number
  place: Place | undefined
}

export interface RuntimeParts {
  readonly graph: Graph
  readonly bindings: Bindings
  readonly contextLength: number
  readonly maxBatch: number
  /** Width of the hidden state; 0 where there is none. */
  readonly width: number
  /** May sequences of different length share a run? See self-test.ts. */
  readonly shares: boolean
  /** Milliseconds, monotonic. */
  readonly now: () => number
}

/**
 * Prompts are read together while all their logits are few: padded to one length, their last rows lie apart, so all rows
 * come out.
 */
const MOST_PADDED_LOGITS = 2 ** 22

/**
 * A runtime over an exported graph: its cache comes out of every run, whole, and goes into the next. As long as the same
 * sequences step together, nothing is copied here; when one joins or leaves, they are laid out anew.
 */
export function exportedRuntime(parts: RuntimeParts): Runtime {
  const { graph, bindings, width, shares, now } = parts
  const { vocabularySize, cache, side } = bindings
  let runMs = 0

  async function run(...args: Parameters<Graph['run']>): Promise<GraphRun> {
    const start = now()
    try {
      return await graph.run(...args)
    } finally {
      runMs += now() - start
    }
  }

  /** Reads some tokens of one sequence, and gives the rows of its last one. */
  async function extendOne({ sequence, tokens }: Chunk, wantHidden: boolean): Promise<StepRows> {
    const held = sequence as HeldSequence
    const past = blockFor([held])
    const { logits, hidden, present } = await run(
      {
        past,
        tokens,
        positions: tokens.map((_, i) => held.length + i),
        seen: [held.length + tokens.length],
        side,
        keep: 1,
      },
      { hidden: wantHidden, present: true },
    )
    held.length += tokens.length
    settle([held], checked(present, held.length), side)
    return {
      logits: toFloat32(logits.subarray(-vocabularySize)),
      hidden: rowsOf(hidden?.subarray(-width), wantHidden),
    }
  }

  async function stepTogether(
    members: readonly HeldSequence[],
    tokens: readonly number[],
    wantHidden: boolean,
  ): Promise<StepRows> {
    const past = blockFor(members)
    const { logits, hidden, present } = await run(
      {
        past,
        tokens,
        positions: members.map(({ length }) => length),
        seen: members.map(({ length }) => length + 1),
        side,
        keep: 1,
      },
      { hidden: wantHidden, present: true },
    )
    for (const member of members) member.length += 1
    settle(members, checked(present, past.positions + 1), side)
    return { logits: toFloat32(logits), hidden: rowsOf(hidden, wantHidden) }
  }

  /** The past of sequences as one block, copied only if it isn't one already. */
  function blockFor(members: readonly HeldSequence[]): CacheBlock {
    if (members.every(({ length }) => length === 0)) return emptyBlock(members.length, cache)
    return wholeBlock(members, side) ?? gather(members, cache, side)
  }

  /** Reads the beginnings of several prompts, padded behind to one length. */
  async function extendFresh(chunks: readonly Chunk[], wantHidden: boolean): Promise<StepRows> {
    const members = chunks.map(({ sequence }) => sequence as HeldSequence)
    const tokens = chunks.map((chunk) => chunk.tokens)
    const padded = longest(tokens)
    const { logits, hidden, present } = await run(freshFeed(tokens, padded), {
      hidden: wantHidden,
      present: true,
    })
    for (const [i, member] of members.entries()) member.length = tokens[i]!.length
    settle(members, checked(present, padded), 'start')
    const lastRows = (values: Elements, size: number) =>
      concatenate(
        tokens.map((own, i) => {
          const end = (i * padded + own.length) * size
          return toFloat32(values.subarray(end - size, end))
        }),
      )
    return {
      logits: lastRows(logits, vocabularySize),
      hidden: rowsOf(hidden && lastRows(hidden, width), wantHidden),
    }
  }

  async function readTogether(
    sequences: readonly (readonly number[])[],
    wantHidden: boolean,
  ): Promise<ReadBatch> {
    const padded = longest(sequences)
    const wanted = { hidden: wantHidden, present: false }
    const { logits, hidden } = await run(freshFeed(sequences, padded), wanted)
    return { padded, logits: toFloat32(logits), hidden: rowsOf(hidden, wantHidden) }
  }

  function freshFeed(sequences: readonly (readonly number[])[], padded: number): GraphFeed {
    return {
      past: emptyBlock(sequences.length, cache),
      tokens: sequences.flatMap((own) => [...own, ...new Array<number>(padded - own.length).fill(0)]),
      positions: sequences.flatMap(() => Array.from({ length: padded }, (_, i) => i)),
      seen: sequences.map((own) => own.length),
      side: 'start',
      keep: 0,
    }
  }

  return {
    shape: {
      vocabularySize,
      width,
      contextLength: parts.contextLength,
      maxBatch: parts.maxBatch,
    },
    async read(sequences, wantHidden) {
      if (shares || sequences.length === 1) return readTogether(sequences, wantHidden)
      const alone: ReadBatch[] = []
      for (const tokens of sequences) alone.push(await readTogether([tokens], wantHidden))
      return padTogether(alone, vocabularySize, width)
    },
    open: (): HeldSequence => ({ length: 0, place: undefined }),
    async extend(chunks, wantHidden) {
      const size = chunks.length * longest(chunks.map(({ tokens }) => tokens)) * vocabularySize
      const isFresh = chunks.every(({ sequence }) => sequence.length === 0)
      if (shares && chunks.length > 1 && isFresh && size <= MOST_PADDED_LOGITS)
        return extendFresh(chunks, wantHidden)
      const rows: StepRows[] = []
      for (const chunk of chunks) rows.push(await extendOne(chunk, wantHidden))
      return joinRows(rows)
    },
    async step(sequences, tokens, wantHidden) {
      const members = sequences as readonly HeldSequence[]
      if (!shares) {
        const rows: StepRows[] = []
        for (const [i, member] of members.entries())
          rows.push(await stepTogether([member], [tokens[i]!], wantHidden))
        return joinRows(rows)
      }
      // In the order in which they lie in their block, so that it can be used as it is.
      const order = [...members.keys()].sort((a, b) => rowOf(members[a]!) - rowOf(members[b]!))
      const rows = await stepTogether(
        order.map((i) => members[i]!),
        order.map((i) => tokens[i]!),
        wantHidden,
      )
      return {
        logits: inOrder(rows.logits, order, vocabularySize),
        hidden: rows.hidden && inOrder(rows.hidden, order, width),
      }
    },
    release(sequence) {
      const held = sequence as HeldSequence
      held.place = undefined
      held.length = 0
    },
    runMs: () => runMs,
    close: () => graph.release(),
  }
}

function longest(sequences: readonly (readonly number[])[]): number {
  return Math.max(...sequences.map((tokens) => tokens.length))
}

function rowOf({ place }: HeldSequence): number {
  return place?.row ?? 0
}

/** Notes where the sequences of a run lie in what came out of it. */
function settle(members: readonly HeldSequence[], block: CacheBlock, side: Side): void {
  for (const [row, member] of members.entries())
    member.place = { block, row, from: firstPosition(block.positions, member.length, side) }
}

function checked(block: CacheBlock | undefined, positions: number): CacheBlock {
  if (block?.positions === positions) return block
  throw new RangeError(`the graph's cache has ${block?.positions} positions, not ${positions}`)
}
