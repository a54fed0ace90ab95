import { createHash } from 'node:crypto'
import { z } from 'zod'
import { decodeHeader, encodeHeader, hashHeader } from '../runtime/header.ts'
import { fromHex, type Hex, isHex, toHex } from '../runtime/scale.ts'
import type { Block } from './history.ts'
import type { Changes } from './state.ts'

/** A block, and what it did to the state. */
export interface StoredBlock {
  block: Block
  changes: Changes
}

/** A block, and the whole state after it. */
export interface Checkpoint {
  block: Block
  state: readonly (readonly [Hex, Hex])[]
}

/** What a segment file holds, as far as it is sound. */
export interface Segment {
  /** Undefined where the file begins with a block: in the first segment, which follows on genesis. */
  checkpoint: Checkpoint | undefined
  blocks: StoredBlock[]
  /** Bytes up to the end of the last sound line. */
  length: number
  /** The number, from 1, of a line that is not sound though others follow it. */
  damagedLine?: number
}

const hex = z.custom<Hex>(isHex)
const blockSchema = z.object({
  header: hex,
  extrinsics: z.array(hex),
  changes: z.array(z.tuple([hex, hex.nullable()])),
})
const checkpointSchema = z.object({
  header: hex,
  extrinsics: z.array(hex),
  state: z.array(z.tuple([hex, hex])),
})

/** A line of a segment: `<checksum> <JSON>`. */
export function formatBlock({ block, changes }: StoredBlock): string {
  return formatLine({ ...encoded(block), changes: [...changes] })
}

export function formatCheckpoint({ block, state }: Checkpoint): string {
  return formatLine({ ...encoded(block), state })
}

/**
 * Reads a segment. `genesis` is what its first block follows on when the file has no checkpoint of its own.
 *
 * A write that a crash cut short leaves one unsound line at the very end, which `length` leaves out.
 */
export function parseSegment(contents: Buffer, genesis: Block | undefined): Segment {
  const segment: Segment = { checkpoint: undefined, blocks: [], length: 0 }
  let parent = genesis
  for (let number = 1; ; number++) {
    const end = contents.indexOf(0x0a, segment.length)
    if (end === -1) return segment
    const record = readLine(contents.toString('utf8', segment.length, end))
    if (parent === undefined) {
      segment.checkpoint = parseCheckpoint(record)
      parent = segment.checkpoint?.block
    } else {
      const stored = parseBlock(record, parent)
      if (stored !== undefined) segment.blocks.push(stored)
      parent = stored?.block
    }
    if (parent === undefined) {
      // A torn write can leave garbage with a line end in it, but only at the very end.
      if (contents.indexOf(0x0a, end + 1) !== -1) segment.damagedLine = number
      return segment
    }
    segment.length = end + 1
  }
}

function encoded({ header, extrinsics }: Block) {
  return { header: toHex(encodeHeader(header)), extrinsics }
}

function formatLine(record: object): string {
  const text = JSON.stringify(record)
  return `${checksum(text)} ${text}\n`
}

/** The record on a line, or undefined when its checksum is not the record's. */
function readLine(line: string): unknown {
  const text = line.slice(17)
  if (line[16] !== ' ' || checksum(text) !== line.slice(0, 16)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The block in a record, or undefined when the record is not the block after `parent`. */
function parseBlock(record: unknown, parent: Block): StoredBlock | undefined {
  const parsed = blockSchema.safeParse(record)
  const block = parsed.success ? decodeBlock(parsed.data) : undefined
  if (!parsed.success || block === undefined) return undefined
  if (block.header.parentHash !== parent.hash || block.number !== parent.number + 1) return undefined
  return { block, changes: new Map(parsed.data.changes) }
}

function parseCheckpoint(record: unknown): Checkpoint | undefined {
  const parsed = checkpointSchema.safeParse(record)
  const block = parsed.success ? decodeBlock(parsed.data) : undefined
  return parsed.success && block !== undefined ? { block, state: parsed.data.state } : undefined
}

function decodeBlock(record: { header: Hex; extrinsics: readonly Hex[] }): Block | undefined {
  try {
    const header = decodeHeader(fromHex(record.header))
    return { number: header.number, hash: hashHeader(header), header, extrinsics: record.extrinsics }
  } catch {
    return undefined
  }
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
