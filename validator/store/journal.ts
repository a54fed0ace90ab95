import { join } from 'node:path'
import { StarlingError } from '../../shared/process/errors.ts'
import { checksum } from './checksum.ts'
import { type Disk, writeAll } from './disk.ts'
import { type JournalStart, journalStartSchema } from './entries.ts'
import { migrateBook, migrateEntry, SCHEMA } from './migrate.ts'
import { stateNewer, writeFailed } from './state-errors.ts'
import { syncFolder, writeAside } from './write-file.ts'

/** The file that is written to; those before it have numbers. */
export const JOURNAL = 'journal.jsonl'
const CLOSED = /^journal-(\d+)\.jsonl$/

/**
 * An append-only file of JSON values, one a line, each behind its checksum. Appending returns after fsync: what was
 * appended survives a power cut.
 */
export interface Journal {
  /** Bytes so far. */
  readonly size: number
  /** @throws StarlingError STATE_FULL, STATE_UNWRITABLE; the value is not in the journal then, and may be tried again */
  append(value: unknown): void
  close(): void
}

/** One file of a journal, as it was read. */
export interface ReadJournal {
  /** Undefined in files from before there was one: they begin with nothing. */
  readonly start: JournalStart | undefined
  /** Where a torn last line begins, bytes. */
  readonly kept: number
}

/** Files of a folder's journal that are written to no more, oldest first. */
export function closedJournals(
  folder: string,
  disk: Disk,
): { readonly file: number; readonly path: string }[] {
  return disk
    .readdirSync(folder)
    .flatMap((name) => {
      const number = CLOSED.exec(name)?.[1]
      return number === undefined ? [] : { file: Number(number), path: join(folder, name) }
    })
    .sort((a, b) => a.file - b.file)
}

/**
 * Reads a journal's file without touching it. A torn last line, as a power cut leaves it, is left out.
 * @param onStart called before the first entry, where there is a start
 * @param onEntry called with each entry, as this version writes it; an error of its own kind says what is unknown about it
 * @throws StarlingError JOURNAL_DAMAGED when an earlier line is not what was written, STATE_NEWER when a version did that this one
 *   does not know
 */
export function readJournal(
  path: string,
  disk: Disk,
  onStart: (start: JournalStart) => void,
  onEntry: (entry: unknown) => string | undefined,
): ReadJournal {
  const text = disk.readFileSync(path, 'utf8')
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n')
  lines.pop()
  let start: JournalStart | undefined
  let kept = 0
  for (const [at, line] of lines.entries()) {
    const read = readLine(line)
    // The first line is written aside, and so never torn.
    if (read === undefined && at === lines.length - 1 && at > 0) break
    if (read === undefined) throw damaged(path, at + 1, lines.length)
    if (at === 0) {
      start = readStart(path, read.value)
      if (start !== undefined) onStart(start)
    }
    if (at > 0 || start === undefined) {
      const unknown = onEntry(migrateEntry(read.value, start?.schema ?? 1))
      if (unknown !== undefined) throw stateNewer(path, `line ${at + 1}: ${unknown}`)
    }
    kept += Buffer.byteLength(line) + 1
  }
  if (kept === 0 && text.includes('{"kind":"journal"')) throw damaged(path, 1, 1)
  return { start, kept }
}

/** Reads one line of a journal; undefined when it is damaged. */
export function readLine(line: string): { value: unknown } | undefined {
  const json = line.slice(65)
  if (line[64] !== ' ' || checksum(json) !== line.slice(0, 64)) return undefined
  return { value: JSON.parse(json) }
}

/** Opens a journal's file to append to it, less what a power cut left of a line. @throws what the system says */
export function openJournal(path: string, kept: number, disk: Disk): Journal {
  const file = disk.openSync(path, 'r+')
  disk.ftruncateSync(file, kept)
  let size = kept
  return {
    get size() {
      return size
    },
    append(value) {
      const line = lineOf(value)
      try {
        writeAll(disk, file, line, size)
        disk.fsyncSync(file)
      } catch (error) {
        undo(disk, file, size)
        throw writeFailed(path, error)
      }
      size += line.length
    },
    close: () => disk.closeSync(file),
  }
}

/**
 * Puts a new file in the place of the folder's journal, and the one that stands there, if any, among the closed ones. Wherever
 * the power is cut, either of them is the newest file, and whole.
 * @throws what the system says; the one before is the newest then
 */
export function beginJournal(
  folder: string,
  start: Omit<JournalStart, 'kind' | 'schema'>,
  disk: Disk,
): Journal {
  const path = join(folder, JOURNAL)
  const first: JournalStart = { kind: 'journal', schema: SCHEMA, ...start }
  const aside = writeAside(path, lineOf(first).toString('utf8'), 0o600, disk)
  if (disk.existsSync(path)) {
    const number = String(start.file - 1).padStart(6, '0')
    disk.renameSync(path, join(folder, `journal-${number}.jsonl`))
  }
  disk.renameSync(aside, path)
  syncFolder(folder, disk)
  return openJournal(path, lineOf(first).length, disk)
}

function readStart(path: string, value: unknown): JournalStart | undefined {
  const { kind, schema } = value as { kind?: unknown; schema?: unknown }
  if (kind !== 'journal') return undefined
  if (typeof schema !== 'number' || schema > SCHEMA)
    throw stateNewer(path, `its schema is ${schema}, and ${SCHEMA} the newest known here`)
  const { book } = value as { book?: unknown }
  const parsed = journalStartSchema.safeParse({ ...(value as object), book: migrateBook(book, schema) })
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw stateNewer(path, `line 1: ${issue.path.join('.')}: ${issue.message}`)
}

function lineOf(value: unknown): Buffer {
  const json = JSON.stringify(value)
  return Buffer.from(`${checksum(json)} ${json}\n`)
}

/** Takes back what a failed write left. Where that fails, too, the next one is written over it, or a reader drops it as torn. */
function undo(disk: Disk, file: number, size: number): void {
  try {
    disk.ftruncateSync(file, size)
    disk.fsyncSync(file)
  } catch {
    // The first failure is the one to tell of.
  }
}

function damaged(path: string, line: number, lines: number): StarlingError {
  return new StarlingError(
    'JOURNAL_DAMAGED',
    `${path} is damaged at line ${line} of ${lines}`,
    'restore the file from a backup, or move the state folder away to start without scores',
  )
}
