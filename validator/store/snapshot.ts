import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type ScoreBook, scoreBookSchema } from '../scoring/score-book.ts'
import { checksum } from './checksum.ts'

/** Writes the book so that a power cut leaves the old file or the new one, never a mixture. */
export function writeSnapshot(path: string, book: ScoreBook): void {
  const json = JSON.stringify(book)
  const temporary = `${path}.new`
  const file = openSync(temporary, 'w', 0o600)
  writeFileSync(file, `${checksum(json)} ${json}\n`)
  fsyncSync(file)
  closeSync(file)
  renameSync(temporary, path)
  // The rename itself lives in the folder.
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
}

/** The book in the file; undefined when there is none, or when it is damaged or of another schema. */
export function readSnapshot(path: string): ScoreBook | undefined {
  if (!existsSync(path)) return undefined
  const text = readFileSync(path, 'utf8').trimEnd()
  const json = text.slice(65)
  if (checksum(json) !== text.slice(0, 64)) return undefined
  const parsed = scoreBookSchema.safeParse(JSON.parse(json))
  return parsed.success ? parsed.data : undefined
}
