import { describe, expect, it } from 'vitest'
import { defaultScoringConfig as config } from '../../../validator/scoring/config.ts'
import { settleRound } from '../../../validator/scoring/settle-round.ts'
import { answer, answers, checks, judge, NANO, outcome, play, SMALL, scores } from './fixtures.ts'

const others = () => answers('elder')
const withElders = (rounds: number, newcomer: (round: number) => ReturnType<typeof answers>) =>
  play(rounds, (round) => outcome(round, [...others(), ...newcomer(round)]))

describe('the entrance exam', () => {
  it('keeps a newcomer from earning on what others proved of its model', () => {
    const book = withElders(3, (round) => (round === 2 ? answers('new', {}, 5) : []))
    expect(scores(book).elder!.score).toBeGreaterThan(0)
    expect(scores(book).new).toMatchObject({
      score: 0,
      verified: 0.2,
      reasons: ['entrance exam: 5 of 8 gold answers'],
    })
    const after = settleRound(book, outcome(3, answers('new', {}, 3)), config)
    expect(scores(after).new!.score).toBeGreaterThan(0)
    expect(scores(after).new!.reasons).toEqual([])
  })

  it('counts accepted gold answers with credit, and no others', () => {
    const rounds: Partial<ReturnType<typeof answer>>[] = [
      { result: 'missed' },
      { result: 'inconclusive' },
      { greedy: true },
      { surprise: 1 },
      { gold: false, fieldQuality: 0.9 },
      { result: 'reject' },
    ]
    const book = play(rounds.length, (round) => outcome(round, answers('a', rounds[round])))
    expect(book.miners.a?.exam).toMatchObject({ answers: 0, right: 0, passed: false })
  })

  it('asks for one right answer, and goes on without one up to its limit', () => {
    const book = play(2, (round) => outcome(round, answers('a', { correct: false })))
    expect(scores(book).a).toMatchObject({
      score: 0,
      reasons: ['entrance exam: 0 of 1 right in 16 gold answers'],
    })
    const lucky = [answer('a', 'c0'), ...answers('a', { correct: false }).slice(1)]
    expect(settleRound(book, outcome(2, lucky), config).miners.a?.exam.passed).toBe(true)
  })

  it('is failed at its limit; answers count again after the cool-down', () => {
    const failed = play(4, (round) => outcome(round, answers('a', { correct: false })))
    expect(failed.miners.a?.exam).toMatchObject({ answers: 0, right: 0, passed: false, failed: 3 })
    expect(scores(failed).a!.reasons).toEqual([
      'entrance exam failed, fewer than 1 of 32 right: again from round 14',
    ])
    const waited = play(10, (round) => outcome(round, answers('a')), { book: failed })
    expect(waited.round).toBe(13)
    expect(scores(waited).a).toMatchObject({ score: 0, reasons: ['entrance exam: 0 of 8 gold answers'] })
    const passed = settleRound(waited, outcome(14, answers('a')), config)
    expect(scores(passed).a!.score).toBeGreaterThan(0)
  })

  it('is sat again with another model, and the cool-down lasts through that', () => {
    const book = play(5, (round) => outcome(round, answers('a')))
    const moved = settleRound(book, outcome(5, answers('a', { model: NANO }, 5)), config)
    expect(scores(moved).a!.reasons).toContain('entrance exam: 5 of 8 gold answers')
    const failed = play(4, (round) => outcome(round, answers('b', { correct: false })))
    const other = settleRound(failed, outcome(4, answers('b', { model: NANO })), config)
    expect(other.miners.b).toMatchObject({ model: NANO, exam: { answers: 0, passed: false, failed: 3 } })
  })

  it('stays passed whatever becomes of the numbers', () => {
    const book = play(1, (round) => outcome(round, answers('a')))
    const harder = { ...config, examAnswers: 100, examRight: 50 }
    const after = settleRound(book, outcome(1, answers('a')), harder)
    expect(scores(after, { config: harder }).a!.score).toBeGreaterThan(0)
  })

  it('does not begin anew under another name of the coldkey', () => {
    const failed = play(4, (round) => outcome(round, answers('old', { correct: false })))
    const book = play(2, (round) => outcome(round, answers('new')), { book: failed })
    const coldkeys = { old: 'one', new: 'one' }
    expect(scores(book, { coldkeys }).new).toMatchObject({
      score: 0,
      reasons: ['waits until round 14, like the hotkey of its coldkey that failed its exam'],
    })
    expect(scores(book).new!.score).toBeGreaterThan(0)
    const later = play(9, (round) => outcome(round, answers('new')), { book })
    expect(scores(later, { coldkeys }).new!.score).toBeGreaterThan(0)
  })
})

describe('the exam of judges', () => {
  const judged = (rounds: number, of: (round: number) => ReturnType<typeof checks> | undefined) =>
    play(rounds, (round) =>
      outcome(round, answers('a'), { judges: [judge('a', { model: SMALL, checks: of(round) })] }),
    )

  it('holds back the pay for judging, and no other', () => {
    const book = judged(1, () => checks({ verdicts: 20 }))
    expect(scores(book).a).toMatchObject({
      judge: 0,
      reasons: ['entrance exam of judges: 20 of 32 verdicts'],
    })
    expect(scores(book).a!.score).toBeGreaterThan(0)
    expect(scores(judged(2, () => checks({ verdicts: 20 }))).a!.judge).toBeGreaterThan(0)
  })

  it('begins anew after a mismatch', () => {
    const book = judged(2, (round) => checks({ verdicts: 20, mismatched: round }))
    expect(book.miners.a?.exam).toMatchObject({ verdicts: 0, mayJudge: false })
  })

  it('is not passed by verdicts that nobody could check', () => {
    expect(scores(judged(5, () => undefined)).a!.judge).toBe(0)
  })
})
