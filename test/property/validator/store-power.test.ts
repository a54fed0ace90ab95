import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultScoringConfig } from '../../../validator/scoring/config.ts'
import { emptyScoreBook, type ScoreBook } from '../../../validator/scoring/score-book.ts'
import { settleRound } from '../../../validator/scoring/settle-round.ts'
import type { PublicationEntry } from '../../../validator/store/entries.ts'
import { openScoreStore, type ScoreStore } from '../../../validator/store/score-store.ts'
import { SNAPSHOTS } from '../../../validator/store/snapshot.ts'
import { type MemoryDisk, memoryDisk } from '../../support/memory-disk.ts'
import { publicationOf, roundEntry } from '../../support/store-entries.ts'

const FOLDER = 'state'
/** So small that a new file is begun every other round. */
const FILE_BYTES = 2_500

const open = (disk: MemoryDisk) =>
  openScoreStore(FOLDER, defaultScoringConfig, { disk, fileBytes: FILE_BYTES })

/** The book after so many rounds, made without a store. */
const books: ScoreBook[] = [emptyScoreBook()]
function bookAfter(rounds: number): ScoreBook {
  for (let round = books.length; round <= rounds; round++)
    books.push(settleRound(books[round - 1]!, roundEntry(round).outcome, defaultScoringConfig))
  return books[rounds]!
}

/** What a validator does in a round: settles it, and gets its weights on the chain. */
function* work(store: ScoreStore, round: number): Generator<{ rounds: number; written: PublicationEntry[] }> {
  const [intent, receipt] = publicationOf(round - 1, round)
  const before = [...Array(round - 1).keys()].flatMap((id) => publicationOf(id, id + 1))
  store.settle(roundEntry(round))
  yield { rounds: round, written: before }
  store.recordWeights(intent)
  yield { rounds: round, written: [...before, intent] }
  store.recordWeights(receipt)
  yield { rounds: round, written: [...before, intent, receipt] }
}

/** What is in the store is what was acknowledged, or that and the one thing that was under way. */
function expectSound(disk: MemoryDisk, acknowledged: { rounds: number; written: PublicationEntry[] }): void {
  const store = open(disk)
  const settled = Math.max(0, store.book.round)
  const isNext = settled === acknowledged.rounds + 1
  expect(isNext || settled === acknowledged.rounds).toBe(true)
  expect(store.book).toEqual(bookAfter(settled))
  expect(store.previous?.round).toBe(settled === 0 ? undefined : settled)
  const { written } = acknowledged
  const { publications } = store
  expect(publications.slice(0, written.length)).toEqual(written)
  expect(publications.length - written.length).toBeLessThanOrEqual(isNext ? 0 : 1)
  store.close()
}

describe('a validator whose power is cut', () => {
  it('loses what was under way at most, at every step on the disk and in the midst of every write', () => {
    let acknowledged: { rounds: number; written: PublicationEntry[] } = { rounds: 0, written: [] }
    let cuts = 0
    const disk = memoryDisk((running) => {
      for (const luck of [0, 0.5, 1]) {
        cuts++
        expectSound(running.afterCut(luck), acknowledged)
      }
    }, 101)
    const store = open(disk)
    for (let round = 1; round <= 5; round++) {
      for (const done of work(store, round)) {
        acknowledged = done
        expectSound(disk.afterCut(0), acknowledged)
      }
    }
    expect(disk.readdirSync(FOLDER).filter((name) => name.startsWith('journal-')).length).toBeGreaterThan(1)
    expect(cuts).toBeGreaterThan(500)
  })

  it('goes on after any number of cuts, with every round settled once', () => {
    const cut = fc.record({ step: fc.nat(60), luck: fc.double({ min: 0, max: 1, noNaN: true }) })
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 6 }), (cuts) => {
        let disk = memoryDisk()
        let told = 0
        for (const { step, luck } of cuts) {
          let left = step
          let survivors: MemoryDisk | undefined
          const dying = memoryDisk(
            (running) => {
              if (left-- === 0) survivors = running.afterCut(luck)
              if (survivors !== undefined) throw new Error('no power')
            },
            97,
            filesOf(disk),
          )
          try {
            const store = open(dying)
            told = Math.max(told, store.book.round)
            for (let more = 0; more < 4; more++) {
              const round = Math.max(0, store.book.round) + 1
              for (const done of work(store, round)) told = done.rounds
            }
          } catch (error) {
            if (survivors === undefined) throw error
          }
          disk = survivors ?? dying
          const store = open(disk)
          const settled = Math.max(0, store.book.round)
          expect(settled === told || settled === told + 1).toBe(true)
          told = settled
          expect(store.book).toEqual(bookAfter(told))
          store.close()
        }
      }),
      { numRuns: 60 },
    )
  })

  it('has its scores from the journal alone, whatever became of the snapshots', () => {
    const disk = memoryDisk()
    const store = open(disk)
    for (let round = 1; round <= 5; round++) for (const _ of work(store, round));
    store.close()
    for (const lost of [SNAPSHOTS.slice(0, 1), SNAPSHOTS.slice(0, 2), SNAPSHOTS.slice()]) {
      const damaged = disk.afterCut(1)
      for (const name of lost) {
        const file = damaged.openSync(`${FOLDER}/${name}`, 'w')
        damaged.writeSync(file, Buffer.from('what is this?\n'), 0, 14, 0)
      }
      expect(open(damaged).book).toEqual(bookAfter(5))
    }
  })
})

/** The files of a disk, as another begins with them. */
function filesOf(disk: MemoryDisk): Map<string, { bytes: Buffer; synced: Buffer }> {
  const files = disk.readdirSync(FOLDER).map((name) => {
    const bytes = Buffer.from(disk.readFileSync(`${FOLDER}/${name}`, 'utf8'))
    return [`${FOLDER}/${name}`, { bytes, synced: bytes }] as const
  })
  return new Map(files)
}
