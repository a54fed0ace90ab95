import type { ScoringConfig } from '../scoring/config.ts'
import { emptyScoreBook, type ScoreBook } from '../scoring/score-book.ts'
import { settleRound } from '../scoring/settle-round.ts'
import { type PreviousRecord, previousRoundSchema } from '../transcript/records.ts'
import type { Disk } from './disk.ts'
import { type JournalStart, journalEntrySchema, type PublicationEntry, type RoundEntry } from './entries.ts'
import { type ReadJournal, readJournal } from './journal.ts'

/** A round as the start of a journal's next file names it. */
export type LastRound = NonNullable<JournalStart['last']>

/** What one file of a journal, and the newest snapshot, come to. */
export interface Replayed {
  readonly read: ReadJournal
  readonly book: ScoreBook
  readonly last: LastRound | undefined
  readonly publications: readonly PublicationEntry[]
}

/**
 * Reads the newest file of a journal: the newer of its start and the snapshot, and the rounds after that.
 * @throws StarlingError JOURNAL_DAMAGED, STATE_NEWER
 */
export function replayJournal(
  path: string,
  snapshot: ScoreBook | undefined,
  config: ScoringConfig,
  disk: Disk,
): Replayed {
  let book = snapshot ?? emptyScoreBook()
  let last: LastRound | undefined
  const publications: PublicationEntry[] = []
  const onStart = (start: JournalStart) => {
    if (start.book.round > book.round || snapshot === undefined) book = start.book
    last = start.last ?? undefined
    publications.push(...start.publications)
  }
  const read = readJournal(path, disk, onStart, (raw) => {
    const parsed = journalEntrySchema.safeParse(raw)
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!
      return `${issue.path.join('.') || 'the entry'}: ${issue.message}`
    }
    const entry = parsed.data
    if (entry.kind !== 'round') publications.push(entry)
    else {
      if (entry.round > book.round) book = settleRound(book, entry.outcome, config)
      last = lastOf(entry)
    }
    return undefined
  })
  return { read, book, last, publications }
}

export function lastOf({ round, root, published }: RoundEntry): LastRound {
  return { round, root, ...(published === undefined ? {} : { published }) }
}

/** A settled round as the next one's file names it; undefined where it was not published. */
export function previousOf(last: LastRound | undefined): PreviousRecord | undefined {
  if (last?.published === undefined) return undefined
  const { round, root, published } = last
  return previousRoundSchema.parse({ round, rows: root, ...published })
}
