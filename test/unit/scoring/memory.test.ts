import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PROMPTS_REMEMBERED } from '../../../validator/scoring/asked.ts'
import { defaultScoringConfig as config } from '../../../validator/scoring/config.ts'
import { abilityOf } from '../../../validator/scoring/families.ts'
import { replayBoost } from '../../../validator/scoring/favourites.ts'
import { emptyScoreBook, parseScoreBook } from '../../../validator/scoring/score-book.ts'
import { settleRound } from '../../../validator/scoring/settle-round.ts'
import { answer, answers, judge, NANO, outcome, play, scores } from './fixtures.ts'

describe('abilityOf', () => {
  const sums = (hotkey: string, correct: boolean, change = {}) =>
    answers(hotkey, { family: 'sum', correct, ...change })

  it('is half for what was never asked, and follows gold answers of all models', () => {
    expect(abilityOf(emptyScoreBook(), 'sum')).toBe(0.5)
    const book = play(1, (round) =>
      outcome(round, [...sums('a', true), ...sums('b', false, { model: NANO })]),
    )
    expect(book.families).toEqual({ sum: { asked: 16, right: 8 } })
    expect(abilityOf(book, 'sum')).toBe(0.5)
    const better = settleRound(book, outcome(1, sums('a', true)), config)
    expect(abilityOf(better, 'sum')).toBeCloseTo((8 * 0.5 ** (1 / 30) + 8.5) / (16 * 0.5 ** (1 / 30) + 9), 12)
  })

  it('leaves out what is no evidence, and families that were not asked keep what they had', () => {
    const book = play(1, (round) => outcome(round, sums('a', true)))
    const none = [
      ...sums('a', false, { surprise: 0.1 }),
      ...answers('b', { gold: false, fieldQuality: 0.1, family: 'sum' }),
      answer('c', 'c0', { family: 'sum', correct: false }),
      answer('c', 'c1', { result: 'reject' }),
      ...answers('d'),
    ]
    expect(settleRound(book, outcome(1, none), config).families).toEqual(book.families)
  })
})

describe('prompts asked', () => {
  it('are remembered, the newest 1,024 and each once', () => {
    const hashes = (from: number, count: number) => Array.from({ length: count }, (_, i) => `p${from + i}`)
    const book = play(1, (round) => outcome(round, [], { prompts: hashes(0, 1000) }))
    const later = settleRound(
      book,
      outcome(1, [], { prompts: [...hashes(500, 10), ...hashes(1000, 40)] }),
      config,
    )
    expect(later.asked).toHaveLength(PROMPTS_REMEMBERED)
    expect(new Set(later.asked).size).toBe(PROMPTS_REMEMBERED)
    expect(later.asked.slice(-50)).toEqual([...hashes(500, 10), ...hashes(1000, 40)])
    expect(later.asked[0]).toBe('p16')
    expect(settleRound(later, outcome(2, []), config).asked).toEqual(later.asked)
  })
})

describe('replayBoost', () => {
  const favouring = (net: number, change = {}) =>
    play(20, (round) =>
      outcome(round, answers('a'), {
        judges: [
          judge('a', { equalPairs: { friend: { net, count: 8 }, other: { net: -1, count: 8 } }, ...change }),
        ],
      }),
    )

  it('raises the share of replays for a favourite or a victim, and pays nobody less', () => {
    expect(replayBoost(emptyScoreBook(), 'a', config)).toBe(1)
    expect(replayBoost(favouring(1), 'a', config)).toBe(1)
    expect(replayBoost(favouring(8), 'a', config)).toBe(3)
    expect(replayBoost(favouring(-8), 'a', config)).toBe(3)
    expect(scores(favouring(8)).a).toEqual(scores(favouring(0)).a)
  })

  it('forgets with the rounds that the judge judges', () => {
    const book = favouring(8)
    const fair = { friend: { net: 0, count: 8 } }
    const later = play(60, (round) => outcome(round, [], { judges: [judge('a', { equalPairs: fair })] }), {
      book,
    })
    expect(replayBoost(later, 'a', config)).toBe(1)
    const away = play(60, (round) => outcome(round, answers('a')), { book })
    expect(replayBoost(away, 'a', config)).toBe(3)
  })

  it('remembers four hotkeys a judge, the most preferred or slighted', () => {
    const equalPairs = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [
        `h${String(i).padStart(2, '0')}`,
        { net: i === 17 ? -9 : i / 10, count: 9 },
      ]),
    )
    const book = play(1, (round) => outcome(round, [], { judges: [judge('a', { equalPairs })] }))
    expect(Object.keys(book.favourites.a!)).toEqual(['h17', 'h37', 'h38', 'h39'])
  })
})

describe('a book from before there were exams and checks', () => {
  const old = readFileSync(new URL('./old-book.json', import.meta.url), 'utf8')

  it('is read, and its miners and judges go on as they were', () => {
    const book = parseScoreBook(JSON.parse(old))
    expect(book).toMatchObject({ families: {}, favourites: {}, asked: [] })
    expect(book.miners.a).toMatchObject({ exam: { passed: true, mayJudge: true, failed: null } })
    expect(book.miners.a?.judge).toMatchObject({ judged: 0, mismatches: [], tally: { verdicts: 0 } })
    const { a } = scores(book)
    expect(a).toMatchObject({ score: 0.7921004356259396, judge: 0.6315908181296972, reasons: [] })
    const next = settleRound(
      book,
      outcome(8, answers('a'), { judges: [judge('a', { checks: undefined })] }),
      config,
    )
    expect(scores(next).a!.judge).toBeGreaterThan(a!.judge)
  })
})
