import { join } from 'node:path'
import { StarlingError } from '../../shared/process/errors.ts'
import type { ScoringConfig } from '../scoring/config.ts'
import { emptyScoreBook, type ScoreBook } from '../scoring/score-book.ts'
import { settleRound } from '../scoring/settle-round.ts'
import type { PreviousRecord } from '../transcript/records.ts'
import { type Disk, systemDisk } from './disk.ts'
import type { PublicationEntry, RoundEntry } from './entries.ts'
import { beginJournal, closedJournals, JOURNAL, type Journal, openJournal } from './journal.ts'
import { rememberedPublications } from './remembered.ts'
import { lastOf, previousOf, replayJournal } from './replay.ts'
import { newestSnapshot, writeSnapshot } from './snapshot.ts'
import { writeFailed } from './state-errors.ts'

/** Bytes after which a new file of the journal is begun: about a day of rounds of five minutes with 64 miners. */
const FILE_BYTES = 64 * 2 ** 20

/** What a validator remembers, on disk: the journal is the truth, the snapshot spares reading it from the start. */
export interface ScoreStore {
  readonly book: ScoreBook
  /** The last round that was settled, where it was published. */
  readonly previous: PreviousRecord | undefined
  /**
   * Settles a round: journal first, then the book in memory, then the snapshot.
   * @throws StarlingError STATE_FULL, STATE_UNWRITABLE when the journal cannot take it; it is not settled then
   */
  settle(entry: RoundEntry): void
  /** What publishing weights had written down when the store was opened, oldest first. */
  readonly publications: readonly PublicationEntry[]
  /** @throws StarlingError STATE_FULL, STATE_UNWRITABLE; nothing is written down then */
  recordWeights(entry: PublicationEntry): void
  close(): void
}

export interface StoreOptions {
  readonly disk?: Disk
  readonly fileBytes?: number
  /** Told of every write that fails, and with undefined once all is written again. */
  readonly onTrouble?: (error: StarlingError | undefined) => void
}

/**
 * Opens the state folder of one validator and brings its scores back: the newest sound snapshot, or what the journal's newest file
 * began with, and the rounds journalled after it. Scores never start from anything else. The folder is to be locked (`lockState`).
 * @throws StarlingError STATE_UNWRITABLE, STATE_FULL, STATE_NEWER, JOURNAL_DAMAGED
 */
export function openScoreStore(
  folder: string,
  config: ScoringConfig,
  options: StoreOptions = {},
): ScoreStore {
  const { disk = systemDisk, fileBytes = FILE_BYTES, onTrouble = () => {} } = options
  const found = orUnwritable(folder, () => {
    disk.mkdirSync(folder, { recursive: true, mode: 0o700 })
    return newestJournal(folder, disk)
  })
  const snapshot = newestSnapshot(folder, disk)
  const replayed = found === undefined ? undefined : replayJournal(found, snapshot, config, disk)
  let book = replayed?.book ?? snapshot ?? emptyScoreBook()
  let last = replayed?.last
  const publications = replayed?.publications ?? []
  let recorded = [...publications]

  let number = replayed === undefined ? -1 : (replayed.read.start?.file ?? 0)
  /** What a new file begins with. */
  const start = () => {
    const closed = closedJournals(folder, disk).at(-1)?.file ?? -1
    recorded = rememberedPublications(recorded)
    return { file: Math.max(number, closed) + 1, book, last: last ?? null, publications: recorded }
  }
  const begin = (): Journal => {
    const next = start()
    const begun = beginJournal(folder, next, disk)
    number = next.file
    return begun
  }
  let journal = orUnwritable(folder, () => {
    const isWhole = found === join(folder, JOURNAL) && replayed?.read.start !== undefined
    return isWhole ? openJournal(found, replayed.read.kept, disk) : begin()
  })

  const troubles = { file: false, snapshot: false, entry: false }
  const tried = (what: keyof typeof troubles, write: () => void): StarlingError | undefined => {
    const before = Object.values(troubles).some(Boolean)
    try {
      write()
      troubles[what] = false
      if (before && !Object.values(troubles).some(Boolean)) onTrouble(undefined)
      return undefined
    } catch (error) {
      troubles[what] = true
      const failed = error instanceof StarlingError ? error : writeFailed(folder, error)
      onTrouble(failed)
      return failed
    }
  }
  const append = (entry: RoundEntry | PublicationEntry) => {
    const failed = tried('entry', () => journal.append(entry))
    if (failed !== undefined) throw failed
  }
  const rotate = () => {
    if (journal.size < fileBytes) return
    // Where it fails, the one that is open goes on.
    tried('file', () => {
      const full = journal
      journal = begin()
      full.close()
    })
  }
  // What the journal holds is settled, whether or not a snapshot says so, too.
  const snap = () => tried('snapshot', () => writeSnapshot(folder, book, disk))
  if (book !== snapshot && book.round >= 0) snap()

  return {
    get book() {
      return book
    },
    get previous() {
      return previousOf(last)
    },
    settle(entry) {
      rotate()
      append(entry)
      book = settleRound(book, entry.outcome, config)
      last = lastOf(entry)
      snap()
    },
    publications,
    recordWeights(entry) {
      append(entry)
      recorded.push(entry)
    },
    close: () => journal.close(),
  }
}

/**
 * What a state folder holds, for whoever only looks: nothing in it is written, so its validator may go on meanwhile.
 * @throws StarlingError STATE_MISSING, STATE_NEWER, JOURNAL_DAMAGED
 */
export function readScores(folder: string, config: ScoringConfig): Pick<ScoreStore, 'book' | 'publications'> {
  const disk = systemDisk
  // The snapshot first: a round that is settled in between is then in the journal.
  const snapshot = disk.existsSync(folder) ? newestSnapshot(folder, disk) : undefined
  const path = disk.existsSync(folder) ? newestJournal(folder, disk) : undefined
  if (path === undefined) {
    const remedy = 'start the validator first, or give its folder to --state'
    throw new StarlingError('STATE_MISSING', `no validator has kept scores in ${folder}`, remedy)
  }
  return replayJournal(path, snapshot, config, disk)
}

/** The journal's newest file: for a moment between two of them it is among the closed ones. */
function newestJournal(folder: string, disk: Disk): string | undefined {
  const path = join(folder, JOURNAL)
  return disk.existsSync(path) ? path : closedJournals(folder, disk).at(-1)?.path
}

function orUnwritable<Result>(folder: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof StarlingError) throw error
    throw writeFailed(folder, error)
  }
}
