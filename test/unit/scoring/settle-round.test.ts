import { describe, expect, it } from 'vitest'
import { defaultScoringConfig as config } from '../../../validator/scoring/config.ts'
import { emptyScoreBook, parseScoreBook } from '../../../validator/scoring/score-book.ts'
import { settleRound } from '../../../validator/scoring/settle-round.ts'
import { answer, answers, judge, NANO, outcome, play, SMALL, scores } from './fixtures.ts'

describe('verified', () => {
  it('rises by a fifth of the gap and falls by half of it', () => {
    const risen = play(2, (round) => outcome(round, answers('a')))
    expect(risen.miners.a?.verified).toBeCloseTo(0.36, 12)
    const fallen = play(1, (round) => outcome(round, answers('a', { result: 'missed' })), { book: risen })
    expect(fallen.miners.a?.verified).toBeCloseTo(0.18, 12)
  })

  it('moves towards the share of good answers when some are missed', () => {
    const book = play(60, (round) => outcome(round, answers('a')))
    const rows = [...answers('a').slice(2), ...answers('a', { result: 'missed' }).slice(0, 2)]
    const next = settleRound(book, outcome(60, rows), config)
    expect(next.miners.a?.verified).toBeCloseTo(1 - 0.5 * 0.25, 4)
  })

  it('charges a quarter of a miss for refusals, up to a tenth of the round', () => {
    const settled = (refused: number) => {
      const rows = answers('a', {}, 20).map((row, i) =>
        i < refused ? answer('a', row.challengeId, { result: 'refused' }) : row,
      )
      const book = play(100, (round) => outcome(round, answers('a')))
      return settleRound(book, outcome(100, rows), config).miners.a!.verified
    }
    expect(settled(2)).toBeCloseTo(1 - 0.5 * (0.5 / 18.5), 6)
    expect(settled(4)).toBeCloseTo(1 - 0.5 * (2.5 / 18.5), 6)
  })

  it('is left alone by inconclusive answers', () => {
    const book = play(3, (round) => outcome(round, answers('a')))
    const next = settleRound(book, outcome(3, answers('a', { result: 'inconclusive' })), config)
    expect(next.miners.a?.verified).toBe(book.miners.a?.verified)
    const mixed = [...answers('a').slice(1), answer('a', 'c0', { result: 'inconclusive' })]
    const clean = settleRound(book, outcome(3, answers('a')), config)
    expect(settleRound(book, outcome(3, mixed), config).miners.a?.verified).toBe(clean.miners.a?.verified)
  })

  it('does not rise on greedy answers, nor on fewer than 10 nats in the round', () => {
    for (const change of [{ greedy: true }, { surprise: 1.2 }]) {
      const book = play(3, (round) => outcome(round, answers('a', change)))
      expect(book.miners.a).toMatchObject({ verified: 0, model: null, cleanRounds: 0 })
      expect(book.models).toEqual({})
    }
    const summed = play(1, (round) => outcome(round, answers('a', { surprise: 1.25 })))
    expect(summed.miners.a?.verified).toBeCloseTo(0.2, 12)
  })

  it('may fall without credit, once proven, but not rise', () => {
    const book = play(2, (round) => outcome(round, answers('a')))
    const copied = answers('a', { surprise: 1 })
    expect(settleRound(book, outcome(2, copied), config).miners.a?.verified).toBe(book.miners.a?.verified)
    const missed = [...copied.slice(7), ...answers('a', { result: 'missed' }).slice(0, 7)]
    expect(settleRound(book, outcome(2, missed), config).miners.a!.verified).toBeLessThan(0.36)
  })

  it('starts again with another model, and never mixes two', () => {
    const book = play(20, (round) => outcome(round, answers('a')))
    const moved = settleRound(book, outcome(20, answers('a', { model: NANO })), config)
    expect(moved.miners.a).toMatchObject({ model: NANO, verified: 0.2 })
    const mixed = [...answers('a', { model: NANO }).slice(1), answer('a', 'c0')]
    const caught = settleRound(book, outcome(20, mixed), config)
    expect(caught.miners.a?.model).toBe(SMALL)
    expect(caught.miners.a!.verified).toBeLessThan(0.57)
  })

  it('does not follow a better model that is declared and never served', () => {
    const book = play(20, (round) => outcome(round, answers('a', { model: NANO })))
    const declared = settleRound(book, outcome(20, answers('a', { result: 'missed' })), config)
    expect(declared.miners.a?.model).toBe(NANO)
  })
})

describe('a miner that misses rounds', () => {
  it('earns less than an honest one for some rounds, and recovers', () => {
    const book = play(12, (round) =>
      outcome(round, [
        ...answers('honest'),
        ...answers('faulty', round === 3 || round === 4 ? { result: 'missed' } : {}),
      ]),
    )
    const { honest, faulty } = scores(book)
    expect(faulty!.score).toBeGreaterThan(0)
    expect(faulty!.score).toBeLessThan(honest!.score)
    const later = play(30, (round) => outcome(round, [...answers('honest'), ...answers('faulty')]), { book })
    const recovered = scores(later)
    expect(recovered.faulty!.score / recovered.honest!.score).toBeGreaterThan(0.99)
  })
})

describe('quality', () => {
  it('is pooled over the miners that declare a model: luck is not paid', () => {
    const unexamined = { ...config, examRight: 0 }
    const book = play(
      5,
      (round) => outcome(round, [...answers('lucky'), ...answers('unlucky', { correct: false })]),
      { config: unexamined },
    )
    const { lucky, unlucky } = scores(book)
    expect(lucky!.quality).toBeCloseTo(0.5, 12)
    expect(unlucky!.score).toBe(lucky!.score)
  })

  it('means truth on gold and the field elsewhere', () => {
    const rows = [
      ...answers('a', { correct: false }, 4),
      ...Array.from({ length: 4 }, (_, i) =>
        answer('a', `f${i}`, { gold: false, correct: undefined, fieldQuality: 0.6 }),
      ),
    ]
    expect(scores(play(1, (round) => outcome(round, rows))).a!.quality).toBeCloseTo(0.3, 12)
  })

  it('halves the weight of what is 30 rounds old', () => {
    const right = play(1, (round) => outcome(round, answers('a')))
    const wrong = play(30, (round) => outcome(round, answers('a', { correct: false })), { book: right })
    const { gold, goldRight } = wrong.models[SMALL]!
    expect(goldRight).toBeCloseTo(4, 9)
    expect(gold).toBeGreaterThan(100)
  })

  it('does not decay in rounds that could not be ranked', () => {
    const book = play(1, (round) => outcome(round, answers('a')))
    const unranked = answers('a', { gold: false })
    expect(settleRound(book, outcome(1, unranked), config).models).toEqual(book.models)
  })

  it('sums to the same last bit in any order of rows', () => {
    const rows = [0.1, 0.2, 0.3, 0.7].map((fieldQuality, i) =>
      answer('a', `f${i}`, { gold: false, correct: undefined, fieldQuality }),
    )
    const forth = play(1, (round) => outcome(round, rows))
    const back = play(1, (round) => outcome(round, rows.toReversed()))
    expect(JSON.stringify(back)).toBe(JSON.stringify(forth))
  })

  it('takes nothing from a miner that was rejected in the round', () => {
    const rows = [...answers('cheat').slice(1), answer('cheat', 'c0', { result: 'reject' })]
    expect(play(1, (round) => outcome(round, rows)).models).toEqual({})
  })
})

describe('rejects', () => {
  const reject = answers('a', { result: 'reject' })

  it('zero the whole score for a window that doubles', () => {
    const book = play(4, (round) => outcome(round, answers('a'), { judges: [judge('a')] }))
    const once = settleRound(book, outcome(4, reject), config)
    expect(once.miners.a).toMatchObject({ verified: 0, strikes: 1, penalisedFrom: 4, penalisedUntil: 14 })
    const waited = play(9, (round) => outcome(round, answers('a'), { judges: [judge('a')] }), { book: once })
    expect(scores(waited).a).toMatchObject({ score: 0, reasons: ['penalised until round 14'] })
    const over = settleRound(waited, outcome(14, answers('a')), config)
    expect(scores(over).a!.score).toBeGreaterThan(0)
    expect(settleRound(over, outcome(15, reject), config).miners.a?.penalisedUntil).toBe(15 + 20)
  })

  it('count once a round, and the window has an upper bound', () => {
    const book = play(20, (round) => outcome(round, reject))
    expect(book.miners.a).toMatchObject({ strikes: 20, penalisedFrom: 0, penalisedUntil: 19 + 640 })
  })

  it('are forgotten, one for each hundred clean rounds', () => {
    const book = play(2, (round) => outcome(round, reject))
    const clean = play(100, (round) => outcome(round, answers('a')), { book })
    expect(clean.miners.a).toMatchObject({ strikes: 1, cleanRounds: 100 })
    expect(play(200, (round) => outcome(round, answers('a')), { book: clean }).miners.a?.strikes).toBe(0)
  })
})

describe('speed', () => {
  it('is clipped to the median above and to the floor below', () => {
    const book = play(1, (round) =>
      outcome(round, [
        ...answers('slow', { tokensPerSecond: 1 }),
        ...answers('middle', { tokensPerSecond: 10 }),
        ...answers('fast', { tokensPerSecond: 100 }),
      ]),
    )
    expect(Object.values(book.miners).map(({ speed }) => speed)).toEqual([1, 1, 0.5])
    const raced = scores(book, { config: { ...config, speedExponent: 1 } })
    expect(raced.slow!.score).toBeCloseTo(raced.fast!.score / 2, 12)
    expect(scores(book).slow!.score).toBe(scores(book).fast!.score)
  })
})

describe('the book', () => {
  it('tallies what happened', () => {
    const rows = [
      ...answers('a').slice(4),
      answer('a', 'c0', { result: 'missed' }),
      answer('a', 'c1', { result: 'refused' }),
      answer('a', 'c2', { result: 'inconclusive' }),
      answer('a', 'c3', { result: 'reject' }),
    ]
    expect(play(2, (round) => outcome(round, rows)).miners.a?.tally).toEqual({
      rounds: 2,
      accepted: 8,
      rejected: 2,
      inconclusive: 2,
      missed: 2,
      refused: 2,
    })
  })

  it('refuses a round that is settled, and rows that do not belong', () => {
    const book = play(2, (round) => outcome(round, answers('a')))
    expect(() => settleRound(book, outcome(1, []), config)).toThrow(
      expect.objectContaining({ code: 'ROUND_SETTLED' }),
    )
    const invalid = expect.objectContaining({ code: 'OUTCOME_INVALID' })
    const twice = [answer('a', 'c0'), answer('b', 'c0'), answer('a', 'c0')]
    expect(() => settleRound(book, outcome(2, twice), config)).toThrow(invalid)
    for (const change of [{ surprise: Number.NaN }, { fieldQuality: 1.5 }, { hotkey: '' }]) {
      expect(() => settleRound(book, outcome(2, [answer('a', 'c0', change)]), config)).toThrow(invalid)
    }
    const overdone = { judges: [judge('a', { completed: 9 })] }
    expect(() => settleRound(book, outcome(2, [], overdone), config)).toThrow(invalid)
  })

  it('comes back from a snapshot, or says where that is damaged', () => {
    const book = play(2, (round) => outcome(round, answers('a'), { judges: [judge('a')] }))
    expect(parseScoreBook(JSON.parse(JSON.stringify(book)))).toEqual(book)
    const damaged = { ...book, miners: { a: { ...book.miners.a, verified: 2 } } }
    expect(() => parseScoreBook(damaged)).toThrow(/miners\.a\.verified/)
    expect(() => parseScoreBook({ ...emptyScoreBook(), version: 2 })).toThrow(
      expect.objectContaining({ code: 'SCORE_BOOK_INVALID' }),
    )
  })
})
