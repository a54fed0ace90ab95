import { existsSync, readFileSync } from 'node:fs'
import { type ScoreBook, scoreBookSchema } from '../scoring/score-book.ts'
import { checksum } from './checksum.ts'
import { writeFileSafely } from './write-file.ts'

/** Writes the book so that a power cut leaves the old file or the new one, never a mixture. */
export function writeSnapshot(path: string, book: ScoreBook): void {
  const json = JSON.stringify(book)
  writeFileSafely(path, `${checksum(json)} ${json}\n`, 0o600)
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
