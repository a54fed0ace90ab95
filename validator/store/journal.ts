import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { StarlingError } from '../../shared/process/errors.ts'
import { checksum } from './checksum.ts'

/**
 * An append-only file of JSON values, one a line, each behind its checksum. Appending returns after fsync: what was
 * appended survives a power cut.
 */
export interface Journal {
  append(value: unknown): void
  close(): void
}

/**
 * Opens the journal and returns all it holds. A torn last line, as a power cut leaves it, is cut off.
 * @throws StarlingError JOURNAL_DAMAGED when an earlier line is not what was written
 */
export function openJournal(path: string): { journal: Journal; entries: unknown[] } {
  const { entries, kept } = readJournal(path)
  const file = openSync(path, existsSync(path) ? 'r+' : 'w+', 0o600)
  ftruncateSync(file, kept)
  let position = kept
  return {
    entries,
    journal: {
      append(value) {
        const json = JSON.stringify(value)
        const line = Buffer.from(`${checksum(json)} ${json}\n`)
        writeSync(file, line, 0, line.length, position)
        fsyncSync(file)
        position += line.length
      },
      close: () => closeSync(file),
    },
  }
}

/**
 * All that a journal holds, without touching it: a torn last line is left out. `kept` is where that would begin, in bytes.
 * @throws StarlingError JOURNAL_DAMAGED when an earlier line is not what was written
 */
export function readJournal(path: string): { entries: unknown[]; kept: number } {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const lines = whole.split('\n').slice(0, -1)
  const entries: unknown[] = []
  let kept = 0
  for (const [at, line] of lines.entries()) {
    const entry = readLine(line)
    if (entry === undefined && at === lines.length - 1) break
    if (entry === undefined) {
      throw new StarlingError(
        'JOURNAL_DAMAGED',
        `${path} is damaged at line ${at + 1} of ${lines.length}`,
        'restore the file from a backup, or move the state folder away to start without scores',
      )
    }
    entries.push(entry.value)
    kept += Buffer.byteLength(line) + 1
  }
  return { entries, kept }
}

/** Reads one line of a journal; undefined when it is damaged. */
export function readLine(line: string): { value: unknown } | undefined {
  const json = line.slice(65)
  if (line[64] !== ' ' || checksum(json) !== line.slice(0, 64)) return undefined
  return { value: JSON.parse(json) }
}
