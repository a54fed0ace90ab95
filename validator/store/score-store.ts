import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StarlingError } from '../../shared/process/errors.ts'
import type { ScoringConfig } from '../scoring/config.ts'
import { emptyScoreBook, type ScoreBook } from '../scoring/score-book.ts'
import { settleRound } from '../scoring/settle-round.ts'
import { journalEntrySchema, type PublicationEntry, type RoundEntry } from './entries.ts'
import { openJournal } from './journal.ts'
import { readSnapshot, writeSnapshot } from './snapshot.ts'

/** What a validator remembers, on disk: the journal is the truth, the snapshot spares reading it from the start. */
export interface ScoreStore {
  readonly book: ScoreBook
  /** 32 bytes from which prompts and the order of shown answers follow. */
  readonly secret: Uint8Array
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
  const snapshotPath = join(folder, 'scores.json')
  const { journal, entries } = openJournal(join(folder, 'journal.jsonl'))
  const snapshot = readSnapshot(snapshotPath)
  let book = snapshot ?? emptyScoreBook()
  const publications: PublicationEntry[] = []
  for (const raw of entries) {
    const entry = journalEntrySchema.parse(raw)
    if (entry.kind !== 'round') publications.push(entry)
    else if (entry.round > book.round) book = settleRound(book, entry.outcome, config)
  }
  if (book !== snapshot && book.round >= 0) writeSnapshot(snapshotPath, book)
  return {
    get book() {
      return book
    },
    secret: readOrCreateSecret(join(folder, 'secret')),
    settle(entry) {
      journal.append(entry)
      book = settleRound(book, entry.outcome, config)
      writeSnapshot(snapshotPath, book)
    },
    publications,
    recordWeights: (entry) => journal.append(entry),
    close: () => journal.close(),
  }
}

function readOrCreateSecret(path: string): Uint8Array {
  if (!existsSync(path)) writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' })
  const secret = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex')
  if (secret.length === 32) return Uint8Array.from(secret)
  throw new StarlingError(
    'STATE_DAMAGED',
    `${path} does not hold 32 bytes of hex`,
    'delete it; a new one is drawn',
  )
}
