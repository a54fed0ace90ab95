import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { StarlingError } from '../../shared/process/errors.ts'
import type { ScoringConfig } from '../scoring/config.ts'
import { emptyScoreBook, type ScoreBook } from '../scoring/score-book.ts'
import { settleRound } from '../scoring/settle-round.ts'
import { type PreviousRecord, previousRoundSchema } from '../transcript/records.ts'
import { journalEntrySchema, type PublicationEntry, type RoundEntry } from './entries.ts'
import { openJournal, readJournal } from './journal.ts'
import { readSnapshot, writeSnapshot } from './snapshot.ts'

const JOURNAL = 'journal.jsonl'
const SNAPSHOT = 'scores.json'

/** What a validator remembers, on disk: the journal is the truth, the snapshot spares reading it from the start. */
export interface ScoreStore {
  readonly book: ScoreBook
  /** The last round that was settled, where it was published. */
  readonly previous: PreviousRecord | undefined
  /** Settles a round: journal first, then the book in memory, then the snapshot. */
  settle(entry: RoundEntry): void
  /** What publishing weights had written down when the store was opened, oldest first. */
  readonly publications: readonly PublicationEntry[]
  recordWeights(entry: PublicationEntry): void
  close(): void
}

/**
 * Opens the state folder of one validator and brings its scores back: the snapshot, and the rounds journalled after it; or, when
 * the snapshot is missing or damaged, all rounds from the first. Scores never start from anything else.
 * @throws StarlingError STATE_UNWRITABLE, JOURNAL_DAMAGED
 */
export function openScoreStore(folder: string, config: ScoringConfig): ScoreStore {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new StarlingError(
      'STATE_UNWRITABLE',
      `cannot create ${folder}: ${String(error)}`,
      'choose another --state folder',
    )
  }
  const snapshotPath = join(folder, SNAPSHOT)
  const { journal, entries } = openJournal(join(folder, JOURNAL))
  const snapshot = readSnapshot(snapshotPath)
  const replayed = replay(snapshot, entries, config)
  const { publications } = replayed
  let { book, previous } = replayed
  if (book !== snapshot && book.round >= 0) writeSnapshot(snapshotPath, book)
  return {
    get book() {
      return book
    },
    get previous() {
      return previous
    },
    settle(entry) {
      journal.append(entry)
      book = settleRound(book, entry.outcome, config)
      previous = previousOf(entry)
      writeSnapshot(snapshotPath, book)
    },
    publications,
    recordWeights: (entry) => journal.append(entry),
    close: () => journal.close(),
  }
}

/**
 * What a state folder holds, for whoever only looks: nothing in it is written, so its validator may go on meanwhile.
 * @throws StarlingError STATE_MISSING, JOURNAL_DAMAGED
 */
export function readScores(folder: string, config: ScoringConfig): Pick<ScoreStore, 'book' | 'publications'> {
  const path = join(folder, JOURNAL)
  if (!existsSync(path)) {
    const remedy = 'start the validator first, or give its folder to --state'
    throw new StarlingError('STATE_MISSING', `no validator has kept scores in ${folder}`, remedy)
  }
  // The snapshot first: a round that is settled in between is then in the journal.
  const snapshot = readSnapshot(join(folder, SNAPSHOT))
  return replay(snapshot, readJournal(path).entries, config)
}

/** The snapshot's book, or an empty one, with the rounds journalled after it. */
function replay(
  snapshot: ScoreBook | undefined,
  entries: readonly unknown[],
  config: ScoringConfig,
): { book: ScoreBook; previous: PreviousRecord | undefined; publications: PublicationEntry[] } {
  let book = snapshot ?? emptyScoreBook()
  let previous: PreviousRecord | undefined
  const publications: PublicationEntry[] = []
  for (const raw of entries) {
    const entry = journalEntrySchema.parse(raw)
    if (entry.kind !== 'round') {
      publications.push(entry)
      continue
    }
    if (entry.round > book.round) book = settleRound(book, entry.outcome, config)
    previous = previousOf(entry)
  }
  return { book, previous, publications }
}

/** A settled round as the next one's file names it. */
function previousOf({ round, root, published }: RoundEntry): PreviousRecord | undefined {
  if (published === undefined) return undefined
  return previousRoundSchema.parse({ round, rows: root, ...published })
}
