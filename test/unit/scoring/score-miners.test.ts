import { describe, expect, it } from 'vitest'
import { defaultScoringConfig as config, scoringConfigSchema } from '../../../validator/scoring/config.ts'
import { goldDeviation, isFarBelowModel } from '../../../validator/scoring/outlier.ts'
import { settleRound } from '../../../validator/scoring/settle-round.ts'
import { voiceWeight } from '../../../validator/scoring/voice-weight.ts'
import { answer, answers, judge, NANO, outcome, play, SMALL, scores } from './fixtures.ts'

const rounds = (count: number, ...hotkeys: string[]) =>
  play(count, (round) =>
    outcome(
      round,
      hotkeys.flatMap((hotkey) => answers(hotkey)),
    ),
  )

describe('eligibility', () => {
  it('is only for models of the registry', () => {
    const book = play(5, (round) => outcome(round, answers('a'), { judges: [judge('a')] }))
    expect(scores(book).a!.score).toBeGreaterThan(0)
    expect(scores(book, { registry: [NANO] }).a).toMatchObject({
      score: 0,
      reasons: [`model ${SMALL} is not in the registry`],
    })
  })

  it('needs evidence for the model: no card stands in for it', () => {
    const book = play(1, (round) => outcome(round, answers('a', {}, 7)))
    expect(scores(book).a).toMatchObject({
      answer: 0,
      quality: 0,
      reasons: ['entrance exam: 7 of 8 gold answers', `model ${SMALL} has fewer than 8 verified answers`],
    })
    const more = settleRound(book, outcome(1, answers('a', {}, 2)), config)
    expect(scores(more).a!.score).toBeGreaterThan(0)
  })

  it('says why a miner earns nothing', () => {
    const book = play(1, (round) => outcome(round, answers('a', { result: 'missed' })))
    const found = scores(book, { coldkeys: { stranger: 'cold' } })
    expect(found.a!.reasons).toEqual([
      'entrance exam: 0 of 8 gold answers',
      'no accepted answer with enough surprise yet',
    ])
    expect(found.stranger).toMatchObject({ score: 0, reasons: ['never sampled'] })
  })
})

describe('judge pay', () => {
  const judged = (rows: ReturnType<typeof judge>[]) =>
    play(60, (round) =>
      outcome(
        round,
        rows.flatMap(({ hotkey, model }) => answers(hotkey, { model })),
        { judges: rows },
      ),
    )

  it('is 2·accuracy − 1 of the part β, and nothing at chance', () => {
    const { good, coin } = scores(
      judged([
        judge('good', { method: 'prompted' }),
        judge('coin', { method: 'prompted', goldRight: 5, goldWrong: 5 }),
      ]),
      // Each by its own pairs alone.
      { config: { ...config, judgePooling: 0 } },
    )
    expect(good!.judge).toBeGreaterThan(0.78)
    expect(good!.judge).toBeLessThan(0.8)
    expect(coin!.judge).toBe(0)
    expect(good!.score - coin!.score).toBeCloseTo(0.2 * good!.judge, 12)
  })

  it('starts prompted judges at their voice’s accuracy, so that luck pays little', () => {
    const members = [judge('lucky'), judge('unlucky', { goldRight: 7, goldWrong: 3 })]
    const book = play(2, (round) =>
      outcome(
        round,
        members.flatMap(({ hotkey }) => answers(hotkey)),
        { judges: members.map((member) => ({ ...member, method: 'prompted' })) },
      ),
    )
    const spread = (judgePooling: number) => {
      const { lucky, unlucky } = scores(book, { config: { ...config, judgePooling } })
      return lucky!.judge - unlucky!.judge
    }
    expect(spread(64)).toBeGreaterThan(0)
    // Twenty pairs of its own beside 64, or beside the four of the prior.
    expect(spread(64) / spread(0)).toBeCloseTo(24 / 84, 2)
  })

  it('is split among likelihood judges of one voice, and a bad one dilutes nobody', () => {
    const alone = scores(judged([judge('a')])).a!.judge
    const found = scores(judged([judge('a'), judge('b'), judge('bad', { goldRight: 0, goldWrong: 10 })]))
    expect(found.a!.judge).toBeCloseTo(alone / 2, 12)
    expect(found.b!.judge).toBeCloseTo(alone / 2, 12)
    expect(found.bad!.judge).toBe(0)
    const others = scores(judged([judge('a'), judge('n', { model: NANO })]))
    expect(others.a!.judge).toBeCloseTo(alone, 12)
  })

  it('is only for the model that the miner proved by answering', () => {
    const book = play(20, (round) =>
      outcome(round, answers('a', { model: NANO }), { judges: [judge('a', { model: SMALL })] }),
    )
    expect(scores(book).a!.judge).toBe(0)
  })

  it('follows completion, which falls faster than it rises', () => {
    const book = judged([judge('a')])
    const lazy = settleRound(book, outcome(60, [], { judges: [judge('a', { completed: 0 })] }), config)
    expect(lazy.miners.a?.judge?.completion).toBeCloseTo(0.5, 5)
    const idle = { asked: 0, completed: 0, goldRight: 0, goldWrong: 0 }
    const unasked = settleRound(book, outcome(60, [], { judges: [judge('a', idle)] }), config)
    expect(unasked.miners.a?.judge).toEqual(book.miners.a?.judge)
  })

  it('starts counting again for another voice', () => {
    const book = judged([judge('a')])
    const moved = settleRound(book, outcome(60, [], { judges: [judge('a', { model: NANO })] }), config)
    expect(moved.miners.a?.judge).toMatchObject({ model: NANO, counts: { right: 9, wrong: 1 } })
  })
})

describe('voiceWeight', () => {
  it('is 0 for the unknown, and counts the gold of the round that is being settled', () => {
    const book = play(1, (round) => outcome(round, [], { judges: [judge('a')] }))
    expect(voiceWeight(book, 'unknown:likelihood', config)).toBe(0)
    expect(voiceWeight(book, `${SMALL}:likelihood`, config)).toBeCloseTo(Math.log(11 / 3), 12)
    expect(voiceWeight(book, 'new:likelihood', config, { right: 8, wrong: 0 })).toBeCloseTo(Math.log(5), 12)
  })
})

describe('coldkeys', () => {
  it('earn one share, however many hotkeys', () => {
    const book = rounds(10, 'a', 'b', 'c')
    const found = scores(book, { coldkeys: { a: 'one', b: 'one' } })
    expect(found.a!.score + found.b!.score).toBeCloseTo(found.c!.score, 12)
    expect(found.a!.reasons).toEqual(['shares its coldkey: paid × 0.500'])
    const free = scores(book, {
      coldkeys: { a: 'one', b: 'one' },
      config: { ...config, oneShareAColdkey: false },
    })
    expect(free.a!.score).toBe(free.c!.score)
  })

  it('carry a penalty over to a hotkey that appears while it lasts, not to one that was there before', () => {
    const before = rounds(3, 'cheat', 'elder')
    const caught = settleRound(before, outcome(3, answers('cheat', { result: 'reject' })), config)
    const book = play(5, (round) => outcome(round, [...answers('elder'), ...answers('renamed')]), {
      book: caught,
    })
    const found = scores(book, { coldkeys: { cheat: 'one', elder: 'one', renamed: 'one' } })
    expect(found.renamed).toMatchObject({ score: 0, penalisedUntil: 13 })
    expect(found.elder!.score).toBeGreaterThan(0)
  })
})

describe('isFarBelowModel', () => {
  it('notices a miner far below its model, without paying it less', () => {
    const book = play(30, (round) =>
      outcome(round, [
        ...answers('a'),
        ...answers('b'),
        ...answers('c'),
        ...['c0', 'c1', 'c2', 'c3', 'c4'].map((id) => answer('odd', id, { correct: round === 0 })),
      ]),
    )
    expect(goldDeviation(book, 'odd')).toBeLessThan(-4)
    expect(isFarBelowModel(book, 'odd', config)).toBe(true)
    expect(isFarBelowModel(book, 'a', config)).toBe(false)
    expect(goldDeviation(book, 'stranger')).toBe(0)
    expect(scores(book).odd!.score).toBe(scores(book).a!.score)
  })
})

describe('scoringConfigSchema', () => {
  it('gives every number a default and a reason', () => {
    for (const [name, field] of Object.entries(scoringConfigSchema.shape)) {
      expect(field.description, name).toMatch(/\w{3}.* .*\w{3}/)
      expect(field.parse(undefined), name).toBeDefined()
    }
  })

  it('refuses unknown names and numbers out of range', () => {
    expect(scoringConfigSchema.safeParse({ judgeShrae: 0.1 }).success).toBe(false)
    expect(scoringConfigSchema.safeParse({ judgeShare: 1.1 }).success).toBe(false)
  })
})
