import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultScoringConfig } from '../../../validator/scoring/config.ts'
import type { RoundEntry } from '../../../validator/store/entries.ts'
import { openScoreStore } from '../../../validator/store/score-store.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'starling-store-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = () => openScoreStore(folder, defaultScoringConfig)

function entry(round: number): RoundEntry {
  return {
    kind: 'round',
    round,
    block: round * 10,
    blockHash: '0x00',
    challenges: 1,
    milliseconds: 5,
    outcome: {
      round,
      controlsPassed: true,
      judges: [],
      answers: [
        {
          challengeId: `0x${round}`,
          hotkey: 'miner',
          model: '0xab',
          result: 'accept',
          surprise: 30,
          greedy: false,
          gold: true,
          correct: true,
        },
      ],
    },
    rows: [],
    root: '0x00',
  }
}

function settle(...rounds: number[]): void {
  const store = open()
  for (const round of rounds) store.settle(entry(round))
  store.close()
}

describe('score store', () => {
  it('brings scores back after a restart', () => {
    const first = open()
    first.settle(entry(1))
    const { book } = first
    first.close()
    const second = open()
    expect(second.book).toEqual(book)
    expect(second.book.miners.miner?.verified).toBeGreaterThan(0)
    second.close()
  })

  it('knows after a restart what the last round was published as', () => {
    const hash = (byte: string) => `0x${byte.repeat(32)}`
    const published = { seal: hash('01'), book: hash('02'), config: hash('03'), index: 4, count: 5, path: [] }
    const first = open()
    expect(first.previous).toBeUndefined()
    first.settle({ ...entry(1), root: hash('04'), published })
    const { previous } = first
    expect(previous).toMatchObject({ round: 1, rows: new Uint8Array(32).fill(4) })
    first.close()
    const second = open()
    expect(second.previous).toEqual(previous)
    // A round that was not published is no link to the one before it.
    second.settle(entry(2))
    expect(second.previous).toBeUndefined()
    second.close()
    expect(open().previous).toBeUndefined()
  })

  it('rebuilds a missing or damaged snapshot from the journal, never from nothing', () => {
    settle(1, 2, 3)
    const expected = open().book
    for (const damage of [
      () => rmSync(join(folder, 'scores.json')),
      () => truncateSync(join(folder, 'scores.json'), 80),
      () => writeFileSync(join(folder, 'scores.json'), `${'0'.repeat(64)} {"version":1}`),
    ]) {
      damage()
      expect(open().book).toEqual(expected)
    }
  })

  it('applies rounds that were journalled after the snapshot', () => {
    settle(1)
    const old = readFileSync(join(folder, 'scores.json'))
    settle(2)
    const expected = open().book
    writeFileSync(join(folder, 'scores.json'), old)
    expect(open().book).toEqual(expected)
  })

  it('cuts off a torn last line at any byte', () => {
    settle(1)
    const path = join(folder, 'journal.jsonl')
    const whole = statSync(path).size
    const line = Buffer.from(`${readFileSync(path, 'utf8').trimEnd().split('\n').at(-1)}\n`)
    for (const bytes of [1, 40, 64, 65, line.length - 1]) {
      appendFileSync(path, line.subarray(0, bytes))
      const store = open()
      expect(store.book.round).toBe(1)
      store.close()
      expect(statSync(path).size).toBe(whole)
    }
  })

  it('drops a last line whose bytes never all reached the disk', () => {
    settle(1)
    const path = join(folder, 'journal.jsonl')
    const line = readFileSync(path)
    settle(2)
    rmSync(join(folder, 'scores.json'))
    const damaged = readFileSync(path)
    damaged.fill(0, line.length + 100, line.length + 140)
    writeFileSync(path, damaged)
    const store = open()
    expect(store.book.round).toBe(1)
    store.close()
    expect(readFileSync(path)).toEqual(line)
  })

  it('refuses a journal that is damaged before its end', () => {
    settle(1, 2)
    const path = join(folder, 'journal.jsonl')
    writeFileSync(path, readFileSync(path, 'utf8').replace('"round":1', '"round":7'))
    expect(open).toThrow(expect.objectContaining({ code: 'JOURNAL_DAMAGED' }))
  })

  it('says so when the folder cannot be made', () => {
    writeFileSync(join(folder, 'file'), '')
    expect(() => openScoreStore(join(folder, 'file', 'state'), defaultScoringConfig)).toThrow(
      expect.objectContaining({ code: 'STATE_UNWRITABLE' }),
    )
  })
})
