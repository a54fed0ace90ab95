import { createHash } from 'node:crypto'
import { type FileHandle, open, readFile } from 'node:fs/promises'
import { z } from 'zod'
import { StarlingError } from '../../../process/errors.ts'
import { decodeHeader, encodeHeader, hashHeader } from '../runtime/header.ts'
import { fromHex, type Hex, isHex, toHex } from '../runtime/scale.ts'
import type { Block } from './history.ts'
import type { Changes } from './state.ts'

const hex = z.custom<Hex>(isHex)
const recordSchema = z.object({
  header: hex,
  extrinsics: z.array(hex),
  changes: z.array(z.tuple([hex, hex.nullable()])),
})

export interface StoredBlock {
  block: Block
  changes: Changes
}

/**
 * The file that makes a chain outlive its process: one line per block, `<checksum> <JSON>`, only ever appended to.
 *
 * A block is written and synced to the disk (fdatasync) before anybody is told of it, so neither kill -9 nor a power cut
 * loses a block that a client saw. A line that a crash left unfinished was never seen, and is cut off on the next start.
 */
export interface Database {
  append(stored: StoredBlock): Promise<void>
  close(): Promise<void>
}

/**
 * Opens or makes the file, and reads the blocks that are in it, which must follow on `genesis`.
 * Throws `DEVNET_DATABASE_DAMAGED`, naming the line.
 */
export async function openDatabase(
  file: string,
  genesis: Block,
): Promise<{ database: Database; blocks: StoredBlock[] }> {
  const handle = await open(file, 'a+', 0o600)
  try {
    const contents = await readFile(handle)
    const { blocks, length } = parseBlocks(contents, genesis, file)
    if (length < contents.length) await handle.truncate(length)
    return { database: databaseOn(handle), blocks }
  } catch (error) {
    await handle.close()
    throw error
  }
}

function databaseOn(handle: FileHandle): Database {
  let failed: unknown
  return {
    async append(stored) {
      // After a failed write the file may end in half a line; nothing may follow it.
      if (failed !== undefined) throw failed
      try {
        await handle.appendFile(formatLine(stored))
        await handle.datasync()
      } catch (cause) {
        failed = new StarlingError(
          'DEVNET_DATABASE_WRITE_FAILED',
          `block ${stored.block.number} could not be saved (${cause instanceof Error ? cause.message : cause})`,
          'free disk space and start the devnet again',
          { cause },
        )
        throw failed
      }
    },
    close: () => handle.close(),
  }
}

export function formatLine({ block, changes }: StoredBlock): string {
  const record = JSON.stringify({
    header: toHex(encodeHeader(block.header)),
    extrinsics: block.extrinsics,
    changes: [...changes],
  })
  return `${checksum(record)} ${record}\n`
}

function parseBlocks(
  contents: Buffer,
  genesis: Block,
  file: string,
): { blocks: StoredBlock[]; length: number } {
  const blocks: StoredBlock[] = []
  let parent = genesis
  let start = 0
  for (;;) {
    const end = contents.indexOf(0x0a, start)
    if (end === -1) return { blocks, length: start }
    const stored = parseLine(contents.toString('utf8', start, end), parent)
    if (stored === undefined) {
      // A torn write can leave garbage with a line end in it, but only at the very end.
      if (contents.indexOf(0x0a, end + 1) === -1) return { blocks, length: start }
      throw new StarlingError(
        'DEVNET_DATABASE_DAMAGED',
        `line ${blocks.length + 1} of ${file} is damaged`,
        'restore the data folder from a copy, or start a new chain in another --data',
      )
    }
    blocks.push(stored)
    parent = stored.block
    start = end + 1
  }
}

/** The block on a line, or undefined when the line is not the block after `parent`. */
function parseLine(line: string, parent: Block): StoredBlock | undefined {
  const record = line.slice(17)
  if (line[16] !== ' ' || checksum(record) !== line.slice(0, 16)) return undefined
  try {
    const { header: encoded, extrinsics, changes } = recordSchema.parse(JSON.parse(record))
    const header = decodeHeader(fromHex(encoded))
    if (header.parentHash !== parent.hash || header.number !== parent.number + 1) return undefined
    const block = { number: header.number, hash: hashHeader(header), header, extrinsics }
    return { block, changes: new Map(changes) }
  } catch {
    return undefined
  }
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
