import { dirname, join } from 'node:path'
import { z } from 'zod'
import { type ScoreBook, scoreBookSchema } from '../scoring/score-book.ts'
import { checksum } from './checksum.ts'
import type { Disk } from './disk.ts'
import { migrateBook, SCHEMA } from './migrate.ts'
import { stateNewer } from './state-errors.ts'
import { syncFolder, writeAside } from './write-file.ts'

/** Newest first. */
export const SNAPSHOTS = ['scores.json', 'scores.1.json', 'scores.2.json'] as const

const envelope = z.object({ schema: z.number().int().positive(), book: z.unknown() })

/**
 * Writes the book as the newest snapshot; the two before it stay. A power cut leaves every file whole, and none of them lost but
 * the oldest.
 */
export function writeSnapshot(folder: string, book: ScoreBook, disk: Disk): void {
  const json = JSON.stringify({ schema: SCHEMA, book })
  const [newest, ...older] = SNAPSHOTS.map((name) => join(folder, name))
  const aside = writeAside(newest!, `${checksum(json)} ${json}\n`, 0o600, disk)
  const shift = [newest!, ...older]
  for (let at = older.length; at > 0; at--) {
    if (disk.existsSync(shift[at - 1]!)) disk.renameSync(shift[at - 1]!, shift[at]!)
  }
  disk.renameSync(aside, newest!)
  syncFolder(dirname(newest!), disk)
}

/**
 * The newest book among the snapshots that are sound; undefined where none is.
 * @throws StarlingError STATE_NEWER where one is sound, and of a schema that this version does not know
 */
export function newestSnapshot(folder: string, disk: Disk): ScoreBook | undefined {
  const books = SNAPSHOTS.flatMap((name) => readSnapshot(join(folder, name), disk) ?? [])
  return books.reduce<ScoreBook | undefined>(
    (newest, book) => (newest === undefined || book.round > newest.round ? book : newest),
    undefined,
  )
}

function readSnapshot(path: string, disk: Disk): ScoreBook | undefined {
  if (!disk.existsSync(path)) return undefined
  const text = disk.readFileSync(path, 'utf8').trimEnd()
  const json = text.slice(65)
  if (checksum(json) !== text.slice(0, 64)) return undefined
  const value: unknown = JSON.parse(json)
  const { success, data } = envelope.safeParse(value)
  const { schema, book } = success ? data : { schema: 1, book: value }
  if (schema > SCHEMA) throw stateNewer(path, `its schema is ${schema}, and ${SCHEMA} the newest known here`)
  const parsed = scoreBookSchema.safeParse(migrateBook(book, schema))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw stateNewer(path, `${issue.path.join('.') || 'the book'}: ${issue.message}`)
  }
  return parsed.data
}
