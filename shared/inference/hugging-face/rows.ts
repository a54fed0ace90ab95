import type { ReadBatch, StepRows } from '../runtime.ts'
import { type Elements, toFloat32 } from './half.ts'

/** Where the hidden state was not found, its rows have no values. */
export function rowsOf(values: Elements | undefined, isWanted: boolean): Float32Array | undefined {
  if (!isWanted) return undefined
  return values === undefined ? new Float32Array(0) : toFloat32(values)
}

/** Puts rows that came in another order into that of the call: row i belongs at `order[i]`. */
export function inOrder(rows: Float32Array, order: readonly number[], size: number): Float32Array {
  if (order.every((from, to) => from === to)) return rows
  const out = new Float32Array(rows.length)
  for (const [from, to] of order.entries()) out.set(rows.subarray(from * size, (from + 1) * size), to * size)
  return out
}

export function joinRows(rows: readonly StepRows[]): StepRows {
  const [only] = rows
  if (only !== undefined && rows.length === 1) return only
  const hidden = rows.map((row) => row.hidden).filter((row) => row !== undefined)
  return {
    logits: concatenate(rows.map(({ logits }) => logits)),
    hidden: hidden.length === 0 ? undefined : concatenate(hidden),
  }
}

export function concatenate(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    out.set(part, offset)
    offset += part.length
  }
  return out
}

/** Reads of single sequences as if they had been one. */
export function padTogether(alone: readonly ReadBatch[], vocabularySize: number, width: number): ReadBatch {
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
