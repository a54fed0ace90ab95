import { describe, expect, it } from 'vitest'
import { defaultScoringConfig as config } from '../../../validator/scoring/config.ts'
import type { JudgeOutcome } from '../../../validator/scoring/outcome.ts'
import { settleRound } from '../../../validator/scoring/settle-round.ts'
import { isSilenced } from '../../../validator/scoring/verdict-strikes.ts'
import { answers, checks, judge, NANO, outcome, play, SMALL, scores } from './fixtures.ts'

const VOICE = `${SMALL}:likelihood`
const STRUCK = checks({ mismatched: 1 })

/** Judges for the given rounds; in those listed, one verdict does not match each time that it is listed. */
const judged = (rounds: number, strikes: readonly number[], change: Partial<JudgeOutcome> = {}) =>
  play(rounds, (round) =>
    outcome(round, answers('a'), {
      judges: [
        judge('a', {
          checks: checks({ mismatched: strikes.filter((at) => at === round).length }),
          ...change,
        }),
      ],
    }),
  )
const silenced = (book: ReturnType<typeof judged>) => isSilenced(book.miners.a, undefined, config)

describe('isSilenced', () => {
  it('takes two mismatches, in one round or in two of one window', () => {
    expect(silenced(judged(40, [12]))).toBe(false)
    expect(silenced(judged(13, [12, 12]))).toBe(true)
    expect(silenced(judged(42, [12, 41]))).toBe(true)
    expect(silenced(judged(43, [12, 42]))).toBe(false)
  })

  it('takes one mismatch in the round that is being settled, for that round', () => {
    const { a } = judged(3, [1]).miners
    const { a: clean } = judged(3, []).miners
    expect(isSilenced(a, undefined, config)).toBe(false)
    expect(isSilenced(a, checks(), config)).toBe(false)
    for (const record of [a, clean, undefined]) expect(isSilenced(record, STRUCK, config)).toBe(true)
    expect(silenced(judged(4, [3]))).toBe(false)
  })

  it('lasts a whole window from the last strike', () => {
    expect(silenced(judged(42 + 29, [12, 41]))).toBe(true)
    expect(silenced(judged(42 + 30, [12, 41]))).toBe(false)
  })

  it('comes back with the second strike of another window', () => {
    expect(silenced(judged(90, [1, 2, 60]))).toBe(false)
    expect(silenced(judged(90, [1, 2, 60, 80]))).toBe(true)
  })

  it('is not washed off by leaving, by delivering nothing, nor by another model or method', () => {
    const book = judged(3, [1, 2])
    const away = play(100, (round) => outcome(round, answers('a')), { book })
    const idle = checks({ verdicts: 0, tokens: 0, replayed: 0 })
    const silent = play(
      100,
      (round) => outcome(round, [], { judges: [judge('a', { completed: 0, checks: idle })] }),
      { book },
    )
    const moved = play(
      5,
      (round) => outcome(round, [], { judges: [judge('a', { model: NANO, method: 'prompted' })] }),
      { book },
    )
    for (const later of [away, silent, moved]) expect(silenced(later)).toBe(true)
  })

  it('forgives what happens while the controls fail', () => {
    const book = play(3, (round) =>
      outcome(round, answers('a'), { judges: [judge('a', { checks: STRUCK })], controlsPassed: false }),
    )
    expect(silenced(book)).toBe(false)
    expect(book.miners.a?.judge).toMatchObject({ judged: 3, mismatches: [] })
  })

  it('remembers no strike that can silence nobody any more', () => {
    expect(judged(60, [0, 5, 30]).miners.a?.judge?.mismatches).toEqual([1, 6, 31])
    expect(judged(61, [0, 5, 30]).miners.a?.judge?.mismatches).toEqual([6, 31])
    expect(judged(1, [0, 0, 0, 0]).miners.a?.judge?.mismatches).toEqual([1, 1])
  })
})

describe('a silenced judge', () => {
  const cheat = () => judge('cheat', { goldRight: 0, goldWrong: 50, checks: STRUCK })

  it('is not paid for judging, and is for answering', () => {
    const book = judged(12, [10, 11])
    const honest = judged(12, [])
    expect(scores(book).a).toMatchObject({
      judge: 0,
      trust: 0,
      reasons: ['its judging neither counts nor is paid: replayed verdicts were not what its model gives'],
    })
    expect(scores(book).a!.answer).toBe(scores(honest).a!.answer)
    expect(scores(honest).a!.judge).toBeGreaterThan(0)
    expect(scores(honest).a!.trust).toBeGreaterThan(1)
  })

  it('does not touch the weight of its voice, and neither does one with a mismatch in the round', () => {
    const liar = (mismatched: number) =>
      judge('cheat', { goldRight: 0, goldWrong: 50, checks: checks({ mismatched }) })
    const voices = (of: (round: number) => JudgeOutcome[]) =>
      play(4, (round) => outcome(round, [], { judges: of(round) })).voices[VOICE]
    const alone = voices(() => [judge('a')])
    expect(voices((round) => [judge('a'), liar(round < 2 ? 1 : 0)])).toEqual(alone)
    expect(voices((round) => [judge('a'), liar(round < 1 ? 1 : 0)])!.wrong).toBeGreaterThan(100)
  })

  it('leaves its silence to the hotkeys that come after it under one coldkey', () => {
    const after = settleRound(
      play(4, (round) => outcome(round, answers('cheat'), { judges: [cheat()] })),
      outcome(4, [...answers('new'), ...answers('cheat')], { judges: [judge('new')] }),
      config,
    )
    const coldkeys = { cheat: 'one', new: 'one' }
    expect(scores(after).new!.judge).toBeGreaterThan(0)
    expect(scores(after, { coldkeys }).new!.judge).toBe(0)
    expect(scores(after, { coldkeys: { ...coldkeys, new: 'other' } }).new!.judge).toBeGreaterThan(0)
  })
})

describe('what a judge is counted for', () => {
  it('is worse for obeying a planted answer', () => {
    const obeyed = play(1, (round) =>
      outcome(round, [], { judges: [judge('a', { checks: checks({ canaries: 4, obeyed: 3 }) })] }),
    )
    expect(obeyed.miners.a?.judge?.counts).toEqual({ right: 9, wrong: 4 })
    expect(obeyed.voices[VOICE]).toEqual({ right: 9, wrong: 4 })
  })

  it('is kept as a tally, through any change of model', () => {
    const book = play(3, (round) =>
      outcome(round, [], { judges: [judge('a', { model: round === 2 ? NANO : SMALL })] }),
    )
    expect(book.miners.a?.judge?.tally).toEqual({
      ...checks(),
      ...{ verdicts: 120, tokens: 3600, replayed: 12 },
    })
  })
})
