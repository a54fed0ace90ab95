import type { KvCache } from '../engine/kv-cache.ts'
import type { Feed } from '../onnx/session.ts'
import { type Architecture, headWidth } from './architecture.ts'

/** Tensors by name. */
export type Named = ReadonlyMap<string, Float32Array>

/** One sequence's keys and values within `present.L.key|value` [batch, kvHeads, padded, headWidth]. */
export interface Row {
  readonly present: Named
  readonly index: number
  readonly padded: number
  readonly length: number
}

/** The past of one prefill run: of one sequence, or of length 0 for however many. */
export interface Past {
  readonly length: number
  /** `past.L.key|value`, [kvHeads, length, headWidth]. */
  readonly tensors: Named
}

/** Any weight on a masked position vanishes in the softmax: e^−10⁹ is 0 in float32. */
const MASKED = -1e9

export function perLayer(prefix: string, layers: number): string[] {
  return Array.from({ length: layers }, (_, layer) => [
    `${prefix}.${layer}.key`,
    `${prefix}.${layer}.value`,
  ]).flat()
}

/**
 * Positions that a run over beginnings is padded to: even, because attention works in blocks of an even number of rows, and
 * a last block of one row would go another way and end in other last bits than the same row in a longer run.
 */
export function paddedLength(sequences: readonly (readonly number[])[]): number {
  const longest = Math.max(...sequences.map((sequence) => sequence.length))
  return longest + (longest % 2)
}

/** Inputs of the prefill graph; `rows` are those to return, counted over sequences · padded. */
export function prefillFeeds(
  { kvHeads, ...architecture }: Architecture,
  sequences: readonly (readonly number[])[],
  padded: number,
  rows: readonly number[],
  past: Past,
): Record<string, Feed> {
  const batch = sequences.length
  const ids = new BigInt64Array(batch * padded)
  for (const [row, sequence] of sequences.entries()) {
    for (const [i, token] of sequence.entries()) ids[row * padded + i] = BigInt(token)
  }
  const lastIndex = Int32Array.from(sequences, (sequence) => past.length + sequence.length - 1)
  const feeds: Record<string, Feed> = {
    input_ids: { data: ids, shape: [batch, padded] },
    last_index: { data: lastIndex, shape: [batch] },
    length: { data: Int32Array.of(past.length + padded), shape: [] },
    rows: { data: BigInt64Array.from(rows, BigInt), shape: [rows.length] },
  }
  const shape = [batch, kvHeads, past.length, architecture.width / architecture.heads]
  for (const [name, data] of past.tensors) feeds[name] = { data, shape }
  return feeds
}

/** Cuts one sequence's keys and values out of the batch that it was read in; undefined is an empty past. */
export function pastOf(architecture: Architecture, row: Row | undefined): Past {
  const { kvHeads, layers } = architecture
  const width = headWidth(architecture)
  const tensors = new Map<string, Float32Array>()
  for (const [i, name] of perLayer('past', layers).entries()) {
    tensors.set(name, row === undefined ? EMPTY : cut(row, perLayer('present', layers)[i]!, kvHeads, width))
  }
  return { length: row?.length ?? 0, tensors }
}

const EMPTY = new Float32Array(0)

function cut({ present, index, padded, length }: Row, name: string, kvHeads: number, width: number) {
  const source = present.get(name)!
  const start = index * kvHeads * padded * width
  // Without padding the sequence's heads lie one after the other already.
  if (length === padded) return source.subarray(start, start + kvHeads * length * width)
  const out = new Float32Array(kvHeads * length * width)
  for (let head = 0; head < kvHeads; head++) {
    const from = start + head * padded * width
    out.set(source.subarray(from, from + length * width), head * length * width)
  }
  return out
}

/** Inputs of the decode graph: one token for each slot of the cache, over the cache itself as views. */
export function decodeFeeds(cache: KvCache, tokens: BigInt64Array): Record<string, Feed> {
  const batch = cache.size
  const columns = cache.capacity + 1
  const bias = new Float32Array(batch * columns)
  const positions = new BigInt64Array(batch)
  for (let slot = 0; slot < batch; slot++) {
    positions[slot] = BigInt(cache.length(slot))
    // The last column is the new token itself, which every slot may see.
    bias.fill(MASKED, slot * columns + cache.length(slot), (slot + 1) * columns - 1)
  }
  return {
    input_ids: { data: tokens, shape: [batch, 1] },
    position_ids: { data: positions, shape: [batch, 1] },
    attention_bias: { data: bias, shape: [batch, 1, 1, columns] },
    past_and_own: { data: BigInt64Array.of(BigInt(cache.capacity), 1n), shape: [2] },
    ...cache.feeds(),
  }
}
