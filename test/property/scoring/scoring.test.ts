import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultScoringConfig } from '../../../validator/scoring/config.ts'
import { replayBoost } from '../../../validator/scoring/favourites.ts'
import type { AnswerOutcome, JudgeOutcome, RoundOutcome } from '../../../validator/scoring/outcome.ts'
import { parseScoreBook, type ScoreBook } from '../../../validator/scoring/score-book.ts'
import { settleRound } from '../../../validator/scoring/settle-round.ts'
import { isSilenced } from '../../../validator/scoring/verdict-strikes.ts'
import {
  answer,
  answers,
  checks,
  judge,
  NANO,
  outcome,
  play,
  SMALL,
  scores,
} from '../../unit/scoring/fixtures.ts'
import { anyHistory, anyRound, HOTKEYS } from './histories.ts'

// Short windows and little evidence, so that a dozen rounds reach every rule.
const config = {
  ...defaultScoringConfig,
  penaltyRounds: 2,
  strikeDecayRounds: 3,
  breakerCleanRounds: 2,
  qualityMinimum: 2,
  speedExponent: 0.3,
  verdictWindow: 4,
  examAnswers: 2,
  examLimit: 4,
  examVerdicts: 20,
  examCooldown: 2,
}

const bookAfter = (history: ((round: number) => RoundOutcome)[], book?: ScoreBook) =>
  play(history.length, (round) => history[round - (book === undefined ? 0 : book.round + 1)]!(round), {
    config,
    ...(book === undefined ? {} : { book }),
  })

const renameKeys = <Value>(record: Record<string, Value>, rename: (key: string) => string) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [rename(key), value]))

const total = (book: ScoreBook, coldkeys = {}) =>
  Object.values(scores(book, { config, coldkeys })).reduce((sum, { score }) => sum + score, 0)

describe('scores', () => {
  it('lie in [0, 1] with all their parts, and are 0 while penalised, unexamined or silenced', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const book = bookAfter(history)
        for (const [hotkey, parts] of Object.entries(scores(book, { config }))) {
          const record = book.miners[hotkey]!
          if (!record.exam.passed) expect(parts.score).toBe(0)
          if (!record.exam.mayJudge || isSilenced(record, undefined, config)) expect(parts.judge).toBe(0)
          for (const part of ['score', 'answer', 'judge', 'verified', 'quality', 'speed'] as const) {
            expect(parts[part]).toBeGreaterThanOrEqual(0)
            expect(parts[part]).toBeLessThanOrEqual(1)
          }
          if (book.round < parts.penalisedUntil) expect(parts.score).toBe(0)
          if (parts.score === 0 && parts.verified > 0 && parts.quality > 0)
            expect(parts.reasons).not.toEqual([])
        }
      }),
    )
  })

  it('do not depend on the order of rows', () => {
    fc.assert(
      fc.property(anyHistory, fc.infiniteStream(fc.nat()), (history, keys) => {
        const shuffle = <Row>(rows: Row[]) =>
          rows
            .map((row) => ({ row, key: keys.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ row }) => row)
        const shuffled = history.map((outcomeOf) => (round: number) => {
          const original = outcomeOf(round)
          return { ...original, answers: shuffle(original.answers), judges: shuffle(original.judges) }
        })
        expect(JSON.stringify(bookAfter(shuffled))).toBe(JSON.stringify(bookAfter(history)))
      }),
    )
  })

  it('follow the hotkeys through any permutation of them', () => {
    fc.assert(
      fc.property(
        anyHistory,
        fc.shuffledSubarray(HOTKEYS, { minLength: HOTKEYS.length }),
        (history, order) => {
          const rename = (hotkey: string) => order[HOTKEYS.indexOf(hotkey)]!
          const renamed = history.map((outcomeOf) => (round: number) => {
            const original = outcomeOf(round)
            return {
              ...original,
              answers: original.answers.map((row) => ({ ...row, hotkey: rename(row.hotkey) })),
              judges: original.judges.map((row) => ({
                ...row,
                hotkey: rename(row.hotkey),
                ...(row.equalPairs !== undefined && { equalPairs: renameKeys(row.equalPairs, rename) }),
              })),
            }
          })
          const [book, again] = [bookAfter(history), bookAfter(renamed)]
          const [before, after] = [scores(book, { config }), scores(again, { config })]
          for (const [hotkey, { score }] of Object.entries(before)) {
            expect(after[rename(hotkey)]?.score).toBeCloseTo(score, 9)
            expect(replayBoost(again, rename(hotkey), config)).toBe(replayBoost(book, hotkey, config))
          }
        },
      ),
    )
  })

  it('have the same future after a restart', () => {
    fc.assert(
      fc.property(anyHistory, anyHistory, (past, future) => {
        const book = bookAfter(past)
        const restored = parseScoreBook(JSON.parse(JSON.stringify(book)))
        expect(bookAfter(future, restored)).toEqual(bookAfter(future, book))
      }),
    )
  })

  it('leave the old book as it was', () => {
    fc.assert(
      fc.property(anyHistory, anyRound(), (history, next) => {
        const book = bookAfter(history)
        const before = JSON.stringify(book)
        settleRound(book, next(book.round + 1), config)
        expect(JSON.stringify(book)).toBe(before)
      }),
    )
  })
})

describe('a miner that is not sampled', () => {
  it('keeps its record, unless a held reject falls due', () => {
    fc.assert(
      fc.property(anyHistory, anyRound(HOTKEYS.slice(1)), (history, next) => {
        const book = bookAfter(history)
        fc.pre(book.breaker.held.h0 === undefined)
        const after = settleRound(book, next(book.round + 1), config)
        expect(after.miners.h0).toEqual(book.miners.h0)
      }),
    )
  })

  it('keeps its score through any number of rounds in which nobody runs its model', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.boolean(), (rounds, right) => {
        const book = play(5, (round) => outcome(round, answers('a'), { judges: [judge('a')] }), { config })
        const later = play(rounds, (round) => outcome(round, answers('n', { model: NANO, correct: right })), {
          book,
          config,
        })
        expect(scores(later, { config }).a).toEqual(scores(book, { config }).a)
      }),
    )
  })
})

describe('verified', () => {
  it('falls faster than it rises', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 8 }), (rounds, bad) => {
        const book = play(rounds, (round) => outcome(round, answers('a')), { config })
        const before = book.miners.a!.verified
        const up = settleRound(book, outcome(rounds, answers('a')), config).miners.a!.verified - before
        const rows = answers('a').map((row, i) =>
          i < bad ? answer('a', row.challengeId, { result: 'missed' }) : row,
        )
        const after = settleRound(book, outcome(rounds, rows), config).miners.a!.verified
        const gap = (8 - bad) / 8 - before
        if (gap < 0) expect((before - after) / -gap).toBeGreaterThan(up / (1 - before))
        else expect(after - before).toBeLessThanOrEqual(up)
      }),
    )
  })
})

describe('no score rises', () => {
  const history = fc.array(anyRound(), { minLength: 1, maxLength: 10 })

  it('by copying an answer that fails the copier’s own seed', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 0, max: 8 }), (past, own) => {
        const book = bookAfter(past)
        const mine = answers('h0', {}, 8)
        const settle = (result: AnswerOutcome['result']) => {
          const rows = mine.map((row, i) => (i < own ? row : answer('h0', row.challengeId, { result })))
          return scores(settleRound(book, outcome(book.round + 1, rows), config), { config }).h0!.score
        }
        expect(settle('reject')).toBeLessThanOrEqual(settle('missed'))
      }),
    )
  })

  it('by copying answers too short or too certain to fail, or greedy ones', () => {
    fc.assert(
      fc.property(
        history,
        fc.array(
          fc.record({ surprise: fc.double({ min: 0, max: 1.2, noNaN: true }), greedy: fc.boolean() }),
          {
            maxLength: 8,
          },
        ),
        (past, copies) => {
          const book = bookAfter(past)
          fc.pre(book.miners.h0 !== undefined && book.breaker.openUntil === null)
          const rows = copies.map((copy, i) => answer('h0', `c${i}`, copy))
          const after = settleRound(book, outcome(book.round + 1, rows), config)
          // Time may end a penalty; copying may not add anything to that.
          const waited = settleRound(book, outcome(book.round + 1, []), config)
          const [copied, idle] = [scores(after, { config }).h0!, scores(waited, { config }).h0!]
          expect(copied.score).toBeLessThanOrEqual(idle.score)
        },
      ),
    )
  })

  it('by renaming: a new hotkey does no better than the old one would, on one coldkey', () => {
    const result = fc.constantFrom<AnswerOutcome['result']>(
      ...Array(9).fill('accept'),
      'missed',
      'refused',
      'reject',
    )
    const conduct = fc.record({
      results: fc.array(result, { minLength: 1, maxLength: 8 }),
      correct: fc.constantFrom(false, false, true),
      mismatched: fc.constantFrom(0, 0, 1, 2),
    })
    const others = answers('other')
    const judging = (hotkey: string, mismatched = 0) => ({
      judges: [judge(hotkey, { checks: checks({ mismatched }) })],
    })
    fc.assert(
      fc.property(
        fc.array(conduct, { minLength: 1, maxLength: 6 }),
        fc.oneof(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 10 })),
        (past, rounds) => {
          const pastOf = (round: number) => {
            const { results, correct, mismatched } = past[round]!
            const own = results.map((result, i) =>
              answer('old', `c${i}`, { result, ...(result === 'accept' && { correct }) }),
            )
            return outcome(round, [...own, ...others], judging('old', mismatched))
          }
          const book = play(past.length, pastOf, { config })
          const goOnAs = (hotkey: string) =>
            play(rounds, (round) => outcome(round, [...answers(hotkey), ...others], judging(hotkey)), {
              book,
              config,
            })
          const coldkeys = { old: 'one', new: 'one' }
          const stayed = scores(goOnAs('old'), { config, coldkeys: { old: 'one' } }).old!
          const renamed = scores(goOnAs('new'), { config, coldkeys }).new!
          expect(renamed.score).toBeLessThanOrEqual(stayed.score + 1e-12)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('by leaving: right answers never pay less than silence', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 6 }), (past, rounds) => {
        const book = bookAfter(past)
        const model = book.miners.h0?.model ?? SMALL
        fc.pre(book.breaker.held.h0 === undefined)
        const then = (rows: AnswerOutcome[], judges: JudgeOutcome[] = []) =>
          scores(
            play(rounds, (round) => outcome(round, rows, { judges }), { book, config }),
            { config },
          ).h0?.score ?? 0
        const right = answers('h0', { model, tokensPerSecond: 1 })
        const stay = then(right)
        const method = book.miners.h0?.judge?.method ?? 'prompted'
        const judging = then(right, [judge('h0', { model, method, goldRight: 10, goldWrong: 0 })])
        expect(stay).toBeLessThanOrEqual(judging + 1e-12)
        expect(then([])).toBeLessThanOrEqual(stay + 1e-12)
        expect(then(answers('h0', { result: 'missed' }))).toBeLessThanOrEqual(stay + 1e-12)
      }),
    )
  })

  it('by splitting one miner into hotkeys of one coldkey', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 16 }),
        fc.array(fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), { minLength: 1, maxLength: 8 }),
        (k, rounds) => {
          const rowsOf = (hotkey: string, round: number) =>
            rounds[round]!.map((correct, i) => answer(hotkey, `c${i}`, { model: NANO, correct }))
          const judgeOf = (hotkey: string) => judge(hotkey, { model: NANO })
          const settle = (hotkeys: string[]) =>
            play(
              rounds.length,
              (round) =>
                outcome(round, [...answers('other'), ...hotkeys.flatMap((hotkey) => rowsOf(hotkey, round))], {
                  judges: [judge('other'), ...hotkeys.map(judgeOf)],
                }),
              { config },
            )
          const clones = Array.from({ length: k }, (_, i) => `clone${i}`)
          const coldkeys = Object.fromEntries(clones.map((clone) => [clone, 'one']))
          const split = scores(settle(clones), { config, coldkeys })
          const together = clones.reduce((sum, clone) => sum + split[clone]!.score, 0)
          const alone = scores(settle(['solo']), { config })
          expect(together).toBeLessThanOrEqual(alone.solo!.score + 1e-9)
          expect(split.other!.score).toBeCloseTo(alone.other!.score, 9)
        },
      ),
    )
  })

  it('by putting hotkeys under one coldkey, whatever they did', () => {
    fc.assert(
      fc.property(history, (past) => {
        const book = bookAfter(past)
        const alone = Object.values(scores(book, { config })).map(({ score }) => score)
        const shared = Object.fromEntries(Object.keys(book.miners).map((hotkey) => [hotkey, 'one']))
        expect(total(book, shared)).toBeLessThanOrEqual(Math.max(0, ...alone) + 1e-12)
      }),
    )
  })
})
