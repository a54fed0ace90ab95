import { expect, it } from 'vitest'
import type { StarlingError } from '../../../shared/process/errors.ts'
import { defaultScoringConfig } from '../../../validator/scoring/config.ts'
import { openScoreStore } from '../../../validator/store/score-store.ts'
import { type MemoryDisk, memoryDisk } from '../../support/memory-disk.ts'
import { publicationOf, roundEntry } from '../../support/store-entries.ts'

const FOLDER = 'state'
const full = expect.objectContaining({ code: 'STATE_FULL' })

const open = (disk: MemoryDisk, options: Partial<Parameters<typeof openScoreStore>[2]> = {}) =>
  openScoreStore(FOLDER, defaultScoringConfig, { disk, ...options })

/** A store with one round settled, and what it told of its writes. */
function settled(options: { fileBytes?: number } = {}) {
  const disk = memoryDisk()
  const told: (string | undefined)[] = []
  const onTrouble = (error: StarlingError | undefined) => told.push(error?.code)
  const store = open(disk, { onTrouble, ...options })
  store.settle(roundEntry(1))
  return { disk, store, told, book: store.book }
}

it.each([0, 1, 40, 66, 200])(
  'does not settle a round that a disk with %i bytes left can’t take, and settles the next',
  (room) => {
    const { disk, store, told, book } = settled()
    disk.room = room
    expect(() => store.settle(roundEntry(2))).toThrow(full)
    expect(() => store.recordWeights(publicationOf(0, 1)[0])).toThrow(full)
    expect(store.book).toBe(book)
    expect(told).toEqual(['STATE_FULL', 'STATE_FULL'])
    expect(open(disk.afterCut(1)).book).toEqual(book)

    disk.room = Number.POSITIVE_INFINITY
    store.settle(roundEntry(3))
    expect(told.at(-1)).toBeUndefined()
    expect(store.book).toMatchObject({ round: 3, miners: { miner: { tally: { rounds: 2 } } } })
    const again = open(disk.afterCut(0))
    expect(again.book).toEqual(store.book)
    expect(again.publications).toEqual([])
  },
)

it('says so in one line that names file and remedy', () => {
  const { disk, store } = settled()
  disk.room = 0
  expect(() => store.settle(roundEntry(2))).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/^cannot write state\/journal\.jsonl: ENOSPC/),
      remedy: expect.stringContaining('make room'),
    }),
  )
})

it('settles a round whose snapshot did not fit: the journal has it', () => {
  const { disk, store, told } = settled()
  const line = JSON.stringify(roundEntry(2)).length + 66
  disk.room = line + 10
  store.settle(roundEntry(2))
  expect(store.book.round).toBe(2)
  expect(told).toEqual(['STATE_FULL'])
  expect(open(disk.afterCut(0)).book).toEqual(store.book)
})

it('goes on with the file that it has where a new one can’t be begun', () => {
  const { disk, store, told } = settled({ fileBytes: 1 })
  disk.failing.add('renameSync')
  store.settle(roundEntry(2))
  expect(told).toEqual(['STATE_UNWRITABLE', undefined].slice(0, told.length))
  store.settle(roundEntry(3))
  expect(told.at(-1)).toBeUndefined()
  expect(open(disk.afterCut(0)).book).toEqual(store.book)
  expect(store.book.round).toBe(3)
})

it('does not count on what a failed sync may have left', () => {
  const { disk, store, book } = settled()
  disk.failing.add('fsyncSync')
  expect(() => store.settle(roundEntry(2))).toThrow(expect.objectContaining({ code: 'STATE_UNWRITABLE' }))
  expect(store.book).toBe(book)
  store.settle(roundEntry(3))
  expect(open(disk.afterCut(0)).book).toEqual(store.book)
})

it('reads past what it could not take back', () => {
  const { disk, store } = settled()
  disk.room = 200
  disk.failing.add('ftruncateSync')
  expect(() => store.settle(roundEntry(2))).toThrow(full)
  disk.room = Number.POSITIVE_INFINITY
  store.recordWeights(publicationOf(0, 1)[0])
  const again = open(disk.afterCut(1))
  expect(again.book.round).toBe(1)
  expect(again.publications).toEqual([publicationOf(0, 1)[0]])
})

it('does not start where it can write nothing', () => {
  const disk = memoryDisk()
  disk.room = 0
  expect(() => open(disk)).toThrow(full)
})
