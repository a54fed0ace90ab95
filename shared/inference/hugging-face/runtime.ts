import type { Chunk, ReadBatch, Runtime, Sequence, StepRows } from '../runtime.ts'
import type { Bindings } from './bindings.ts'
import { type CacheBlock, emptyBlock, gather, type Place, wholeBlock } from './cache-block.ts'
import type { Graph, GraphRun } from './graph-run.ts'
import { type Elements, toFloat32 } from './half.ts'

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
    place([held], checked(present, held.length))
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
    place(members, checked(present, past.positions + 1))
    return { logits: toFloat32(logits), hidden: rowsOf(hidden, wantHidden) }
  }

  /** The past of sequences as one block, copied only if it isn't one already. */
  function blockFor(members: readonly HeldSequence[]): CacheBlock {
    if (members.every(({ length }) => length === 0)) return emptyBlock(members.length, cache)
    return wholeBlock(members.map((member) => member.place)) ?? gather(members, cache, side)
  }

  async function readTogether(
    sequences: readonly (readonly number[])[],
    wantHidden: boolean,
  ): Promise<ReadBatch> {
    const padded = Math.max(...sequences.map((tokens) => tokens.length))
    const { logits, hidden } = await run(
      {
        past: emptyBlock(sequences.length, cache),
        tokens: sequences.flatMap((tokens) => [
          ...tokens,
          ...new Array<number>(padded - tokens.length).fill(0),
        ]),
        positions: sequences.flatMap(() => Array.from({ length: padded }, (_, i) => i)),
        seen: sequences.map((tokens) => tokens.length),
        side: 'start',
        keep: 0,
      },
      { hidden: wantHidden, present: false },
    )
    return { padded, logits: toFloat32(logits), hidden: rowsOf(hidden, wantHidden) }
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

/** Where the hidden state was not found, its rows have no values. */
function rowsOf(values: Elements | undefined, isWanted: boolean): Float32Array | undefined {
  if (!isWanted) return undefined
  return values === undefined ? new Float32Array(0) : toFloat32(values)
}

function rowOf({ place }: HeldSequence): number {
  return place?.row ?? 0
}

function place(members: readonly HeldSequence[], block: CacheBlock): void {
  for (const [row, member] of members.entries()) member.place = { block, row }
}

function checked(block: CacheBlock | undefined, positions: number): CacheBlock {
  if (block?.positions === positions) return block
  throw new RangeError(`the graph's cache has ${block?.positions} positions, not ${positions}`)
}

function inOrder(rows: Float32Array, order: readonly number[], size: number): Float32Array {
  if (order.every((from, to) => from === to)) return rows
  const out = new Float32Array(rows.length)
  for (const [from, to] of order.entries()) out.set(rows.subarray(from * size, (from + 1) * size), to * size)
  return out
}

function joinRows(rows: readonly StepRows[]): StepRows {
  const [only] = rows
  if (only !== undefined && rows.length === 1) return only
  const hidden = rows.map((row) => row.hidden).filter((row) => row !== undefined)
  return {
    logits: concatenate(rows.map(({ logits }) => logits)),
    hidden: hidden.length === 0 ? undefined : concatenate(hidden),
  }
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    out.set(part, offset)
    offset += part.length
  }
  return out
}

function padTogether(alone: readonly ReadBatch[], vocabularySize: number, width: number): ReadBatch {
  const padded = Math.max(...alone.map((batch) => batch.padded))
  const together = (rows: readonly (Float32Array | undefined)[], size: number) => {
    const out = new Float32Array(alone.length * padded * size)
    for (const [i, row] of rows.entries()) if (row !== undefined) out.set(row, i * padded * size)
    return out
  }
  return {
    padded,
    logits: together(
      alone.map(({ logits }) => logits),
      vocabularySize,
    ),
    hidden:
      alone[0]?.hidden &&
      together(
        alone.map(({ hidden }) => hidden),
        width,
      ),
  }
}
