import * as nodeFiles from 'node:fs/promises'
import { join } from 'node:path'
import { StarlingError } from '../../../process/errors.ts'
import type { Hex } from '../runtime/scale.ts'
import { type Files, readIfThere, replaceFile, syncFolder } from './files.ts'
import { type HashFile, openHashFile } from './hash-file.ts'
import type { Block } from './history.ts'
import {
  type Checkpoint,
  formatBlock,
  formatCheckpoint,
  parseSegment,
  type Segment,
  type StoredBlock,
} from './segment.ts'

const HASH_FILE = 'hashes.bin'
const SEGMENT = /^blocks-(\d+)\.log$/

/**
 * The files that make a chain outlive its process, in a folder:
 *
 * - `blocks-N.log`, a segment: the state after block N, then each block after it with its changes; only appended to. Once
 *   it holds `depth` blocks the next segment begins, and the one before the last is deleted: two are kept.
 * - `hashes.bin`: hashes of the blocks of all finished segments.
 *
 * A block is written and synced to the disk (fdatasync) before anybody is told of it, so neither kill -9 nor a power cut
 * loses a block that a client saw. A line that a crash left unfinished was never seen, and is cut off on the next start.
 * A segment appears whole, by renaming, before a block goes into it.
 */
export interface Database {
  /**
   * Saves the block after `parent`. `state` gives the state after `parent`: a new segment begins with it.
   * Throws `DEVNET_DATABASE_WRITE_FAILED`, and from then on always.
   */
  append(stored: StoredBlock, parent: Block, state: () => Iterable<readonly [Hex, Hex]>): Promise<void>
  /** Hash of a block in a finished segment; undefined for others. */
  hashOf(number: number): Promise<Hex | undefined>
  close(): Promise<void>
}

/** What a folder holds. */
export interface Opened {
  database: Database
  /** Where the kept blocks begin. */
  base: Checkpoint
  /** The blocks after `base`, oldest first: all of them, or between `depth` and twice as many. */
  blocks: StoredBlock[]
}

/**
 * Opens the chain in `folder`, or begins one on `genesis`.
 * Throws `DEVNET_DATABASE_DAMAGED`, naming the file, and the line where there is one.
 */
export async function openDatabase(
  folder: string,
  genesis: Checkpoint,
  depth: number,
  files: Files = nodeFiles,
): Promise<Opened> {
  const numbers = await listSegments(files, folder)
  const newest = numbers.at(-1) ?? 0
  const previous = numbers.at(-2)
  if (newest > 0 && previous === undefined)
    throw damaged(`the segment before ${pathOf(folder, newest)} is gone`)

  const closed = previous === undefined ? undefined : await readSegment(files, folder, previous, genesis)
  const open = await readSegment(files, folder, newest, genesis)
  if (closed !== undefined) assertJoined(closed, open, folder)
  const hashes = await openHashFile(files, join(folder, HASH_FILE))
  try {
    await assertFits(hashes, open.base.block, genesis.block, folder)
    const tail = await openTail(files, folder, newest, open)
    const database = databaseOn({ files, folder, depth, hashes, tail })
    const blocks = [...(closed?.blocks ?? []), ...open.blocks]
    return { database, base: closed?.base ?? open.base, blocks }
  } catch (error) {
    await hashes.close()
    throw error
  }
}

/** The segment that is written to. */
interface Tail {
  /** Block of its checkpoint. */
  start: number
  /** Hashes of its checkpoint's block and of those after it. */
  hashes: Hex[]
  handle: nodeFiles.FileHandle
}

function databaseOn(parts: {
  files: Files
  folder: string
  depth: number
  hashes: HashFile
  tail: Tail
}): Database {
  const { files, folder, depth, hashes } = parts
  let { tail } = parts
  let failed: unknown

  /** Begins the next segment after `parent`, the last block of the present one. */
  const rotate = async (parent: Block, state: readonly (readonly [Hex, Hex])[]) => {
    await hashes.write(tail.start, tail.hashes.slice(0, -1))
    const next = pathOf(folder, parent.number)
    await replaceFile(files, next, formatCheckpoint({ block: parent, state }))
    const handle = await files.open(next, 'a', 0o600)
    const before = tail
    tail = { start: parent.number, hashes: [parent.hash], handle }
    await before.handle.close()
    // Also what a crash right here left the last time.
    for (const number of await listSegments(files, folder)) {
      if (number < before.start) await files.rm(pathOf(folder, number), { force: true })
    }
  }

  return {
    async append(stored, parent, state) {
      // After a failed write the file may end in half a line; nothing may follow it.
      if (failed !== undefined) throw failed
      try {
        if (tail.hashes.length > depth) await rotate(parent, [...state()])
        await tail.handle.appendFile(formatBlock(stored))
        await tail.handle.datasync()
        tail.hashes.push(stored.block.hash)
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
    hashOf: (number) => hashes.read(number),
    async close() {
      await tail.handle.close()
      await hashes.close()
    },
  }
}

/** Opens the newest segment for appending, without what a crash left at its end. */
async function openTail(files: Files, folder: string, start: number, segment: SoundSegment): Promise<Tail> {
  const path = pathOf(folder, start)
  const handle = await files.open(path, 'a', 0o600)
  try {
    if (segment.length < (await handle.stat()).size) await handle.truncate(segment.length)
    await syncFolder(files, folder)
    const hashes = [segment.base.block.hash, ...segment.blocks.map(({ block }) => block.hash)]
    return { start, hashes, handle }
  } catch (error) {
    await handle.close()
    throw error
  }
}

type SoundSegment = Segment & { base: Checkpoint; size: number }

async function readSegment(
  files: Files,
  folder: string,
  start: number,
  genesis: Checkpoint,
): Promise<SoundSegment> {
  const path = pathOf(folder, start)
  const contents = (await readIfThere(files, path)) ?? Buffer.alloc(0)
  const segment = parseSegment(contents, start === 0 ? genesis.block : undefined)
  const line = segment.damagedLine ?? (start > 0 && segment.checkpoint === undefined ? 1 : undefined)
  if (line !== undefined) throw damaged(`line ${line} of ${path} is damaged`)
  const base = segment.checkpoint ?? genesis
  if (base.block.number !== start) throw damaged(`${path} begins at block ${base.block.number}`)
  return { ...segment, base, size: contents.length }
}

/** A finished segment ends with the very block that the next begins at. */
function assertJoined(closed: SoundSegment, open: SoundSegment, folder: string): void {
  const last = closed.blocks.at(-1)?.block
  if (closed.length === closed.size && last?.hash === open.base.block.hash) return
  throw damaged(`${pathOf(folder, closed.base.block.number)} does not end at block ${open.base.block.number}`)
}

/** The hashes of finished segments lead from genesis to the block before the newest segment. */
async function assertFits(hashes: HashFile, base: Block, genesis: Block, folder: string): Promise<void> {
  if (base.number === 0) return
  const first = await hashes.read(0)
  const last = await hashes.read(base.number - 1)
  if (first === genesis.hash && last === base.header.parentHash) return
  throw damaged(`${join(folder, HASH_FILE)} does not lead from genesis to block ${base.number - 1}`)
}

async function listSegments(files: Files, folder: string): Promise<number[]> {
  const names = await files.readdir(folder)
  return names
    .map((name) => SEGMENT.exec(name)?.[1])
    .filter((number) => number !== undefined)
    .map(Number)
    .sort((a, b) => a - b)
}

function pathOf(folder: string, start: number): string {
  return join(folder, `blocks-${start}.log`)
}

function damaged(message: string): StarlingError {
  const remedy = 'restore the data folder from a copy, or start a new chain in another --data'
  return new StarlingError('DEVNET_DATABASE_DAMAGED', message, remedy)
}
