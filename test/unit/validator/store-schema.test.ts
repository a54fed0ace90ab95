import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultScoringConfig } from '../../../validator/scoring/config.ts'
import { checksum } from '../../../validator/store/checksum.ts'
import type { PublicationEntry } from '../../../validator/store/entries.ts'
import { rememberedPublications } from '../../../validator/store/remembered.ts'
import { openScoreStore, readScores } from '../../../validator/store/score-store.ts'
import { applyEntry, NOTHING_PUBLISHED } from '../../../validator/weights/publication-state.ts'
import { publicationOf, roundEntry } from '../../support/store-entries.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'starling-schema-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (fileBytes?: number) =>
  openScoreStore(folder, defaultScoringConfig, fileBytes === undefined ? {} : { fileBytes })
const put = (name: string, ...values: unknown[]) => {
  const lines = values.map((value) => JSON.stringify(value)).map((json) => `${checksum(json)} ${json}\n`)
  writeFileSync(join(folder, name), lines.join(''))
}
const newer = expect.objectContaining({
  code: 'STATE_NEWER',
  message: expect.stringContaining('was written by another version'),
})

describe('a state folder from before files said their schema', () => {
  const [intent, receipt] = publicationOf(0, 1)

  it('is taken over, with its journal as the first of the closed files', () => {
    put('journal.jsonl', roundEntry(1), intent, receipt, roundEntry(2))
    const store = open()
    expect(store.book.round).toBe(2)
    expect(store.publications).toEqual([intent, receipt])
    expect(store.previous?.round).toBe(2)
    store.settle(roundEntry(3))
    store.close()
    expect(readdirSync(folder)).toContain('journal-000000.jsonl')
    const again = open()
    expect(again.book).toEqual(store.book)
    expect(again.publications).toEqual([intent, receipt])
    again.close()
  })

  it('may be from before weights had intents', () => {
    const { intent: _, ...old } = receipt as Extract<PublicationEntry, { kind: 'weights' }>
    put('journal.jsonl', roundEntry(1), old)
    const store = open()
    expect(store.book.round).toBe(1)
    store.close()
    expect(open().publications).toEqual([])
  })

  it('may be from before evidence was summed, and before there was an exam', () => {
    const store = open()
    store.settle(roundEntry(1))
    const { book } = store
    store.close()
    rmSync(join(folder, 'journal.jsonl'))
    const { families, favourites, asked, ...oldBook } = book
    const miners = Object.entries(book.miners).map(([hotkey, { evidence, exam, ...record }]) => {
      const judge = { model: '0xab', method: 'prompted', counts: { right: 3, wrong: 1 }, completion: 1 }
      return [hotkey, { ...record, judge }]
    })
    put('scores.json', { ...oldBook, miners: Object.fromEntries(miners) })
    put('journal.jsonl', roundEntry(1))
    const again = open()
    expect(again.book.miners.miner).toMatchObject({
      verified: book.miners.miner!.verified,
      evidence: { sums: {}, alarm: null },
      exam: { passed: true, mayJudge: true },
      judge: { counts: { right: 3, wrong: 1 }, judged: 0, mismatches: [], tally: { verdicts: 0 } },
    })
    again.settle(roundEntry(2))
    expect(again.book.miners.miner!.exam.passed).toBe(true)
  })
})

describe('a state folder of a newer version', () => {
  it.each([
    ['a journal of another schema', () => put('journal.jsonl', { kind: 'journal', schema: 3, file: 0 })],
    [
      'an entry of another kind',
      () => put('journal.jsonl', roundEntry(1), { kind: 'prophecy' }, roundEntry(2)),
    ],
    ['an entry of another kind at the end', () => put('journal.jsonl', roundEntry(1), { kind: 'prophecy' })],
    ['a snapshot of another schema', () => put('scores.json', { schema: 3, book: {} })],
    ['a book of another version', () => put('scores.json', { schema: 2, book: { version: 2 } })],
    ['an older snapshot of another schema', () => put('scores.1.json', { schema: 3, book: {} })],
  ])('is refused, and left as it is: %s', (_what, write) => {
    write()
    const files = () => readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')])
    const before = files()
    expect(() => open()).toThrow(newer)
    expect(files()).toEqual(before)
  })
})

describe('a journal of several files', () => {
  it('needs its newest one only', () => {
    const store = open(1)
    const entries = [0, 1, 2, 3].flatMap((id) => publicationOf(id, id + 1))
    for (let round = 1; round <= 4; round++) {
      store.settle(roundEntry(round))
      store.recordWeights(entries[2 * round - 2]!)
      store.recordWeights(entries[2 * round - 1]!)
    }
    store.close()
    const closed = readdirSync(folder).filter((name) => name.startsWith('journal-'))
    expect(closed).toEqual([0, 1, 2, 3].map((n) => `journal-00000${n}.jsonl`))
    for (const name of readdirSync(folder)) if (name !== 'journal.jsonl') rmSync(join(folder, name))
    expect(readScores(folder, defaultScoringConfig)).toMatchObject({
      book: store.book,
      publications: entries,
    })
    expect(open().book).toEqual(store.book)
  })

  it('is read from the last closed one where a power cut came between two of them', () => {
    const store = open(1)
    for (let round = 1; round <= 3; round++) store.settle(roundEntry(round))
    store.close()
    rmSync(join(folder, 'journal.jsonl'))
    for (const name of ['scores.json', 'scores.1.json', 'scores.2.json']) rmSync(join(folder, name))
    expect(readScores(folder, defaultScoringConfig).book.round).toBe(2)
    const again = open()
    expect(again.book.round).toBe(2)
    again.settle(roundEntry(3))
    expect(again.book).toEqual(store.book)
    expect(readdirSync(folder)).toContain('journal-000002.jsonl')
  })

  it('is damaged where its first line is', () => {
    const store = open()
    store.settle(roundEntry(1))
    store.close()
    const path = join(folder, 'journal.jsonl')
    const text = readFileSync(path, 'utf8')
    for (const broken of [
      `0${text.slice(1)}`,
      text.slice(0, 90),
      `0${text.slice(1, text.indexOf('\n') + 1)}`,
    ]) {
      if (broken[0] === text[0] && broken.length > 90) continue
      writeFileSync(path, broken)
      expect(() => open()).toThrow(expect.objectContaining({ code: 'JOURNAL_DAMAGED' }))
    }
  })
})

describe('publications that a new file remembers', () => {
  it('tell the same as all of them', () => {
    const all = Array.from({ length: 200 }, (_, id): PublicationEntry[] => {
      const [intent, receipt] = publicationOf(id, id)
      const commit = { ...intent, method: 'hash-commit' } as PublicationEntry
      const end = { kind: 'weights-closed', intent: id, block: 0, reason: '' } as const
      if (id % 5 === 0) return [intent, { ...end, outcome: 'lost' }]
      if (id % 7 === 0) return [commit, receipt]
      if (id % 3 === 0) return [commit, receipt, { ...end, outcome: id % 2 ? 'revealed' : 'expired' }]
      return [intent, receipt]
    }).flat()
    const told = (entries: readonly PublicationEntry[]) =>
      entries.reduce((state, entry) => applyEntry(state, entry, 'chain'), NOTHING_PUBLISHED)
    for (let end = 1; end <= all.length; end++) {
      const some = all.slice(0, end)
      expect(told(rememberedPublications(some))).toEqual(told(some))
    }
    expect(rememberedPublications(all).length).toBeLessThan(all.length / 2)
  })
})
