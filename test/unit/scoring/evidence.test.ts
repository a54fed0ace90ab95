import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { defaultScoringConfig as config } from '../../../validator/scoring/config.ts'
import { hotkeysToWatch } from '../../../validator/scoring/evidence.ts'
import {
  type AnswerOutcome,
  answerOutcomeSchema,
  type RoundOutcome,
} from '../../../validator/scoring/outcome.ts'
import { parseScoreBook, type ScoreBook } from '../../../validator/scoring/score-book.ts'
import { settleRound } from '../../../validator/scoring/settle-round.ts'
import { openScoreStore } from '../../../validator/store/score-store.ts'
import { answer, answers, evidence, NANO, outcome, play, SMALL, scores } from './fixtures.ts'

/** One round in which `a` leaves this much evidence with one answer, and none with seven others. */
const round = (at: number, sum: number, change: Partial<AnswerOutcome> = {}) => {
  const rows = answers('a', {}, 7)
  return outcome(at, [...rows, answer('a', 'c8', { evidence: [evidence([sum])], ...change })])
}
const sumsAfter = (...outcomes: RoundOutcome[]) => evidenceAfter(...outcomes)?.sums
const evidenceAfter = (...outcomes: RoundOutcome[]) => {
  return play(outcomes.length, (at) => outcomes[at]!).miners.a?.evidence
}

describe('evidence', () => {
  it('adds up over answers and rounds, and falls to 0 but not below', () => {
    expect(sumsAfter(round(0, 0.25), round(1, 0.5))).toEqual({ [SMALL]: { margin: 0.75 } })
    expect(sumsAfter(round(0, 0.25), round(1, -0.125))).toEqual({ [SMALL]: { margin: 0.125 } })
    expect(sumsAfter(round(0, -5))).toEqual({})
    expect(sumsAfter(round(0, -5), round(1, 0.5))).toEqual({ [SMALL]: { margin: 0.5 } })
    const credit = (...increments: number[]) => round(0, 0, { evidence: [evidence(increments)] })
    expect(sumsAfter(credit(-5, 0.5))).toEqual({ [SMALL]: { margin: 0.5 } })
  })

  it('is one sum over all pairs of classes, and another for each statistic', () => {
    const moved = round(1, 0, { evidence: [evidence([0.25], { pair: 'q4>fp32' })] })
    expect(sumsAfter(round(0, 0.5), moved)).toEqual({ [SMALL]: { margin: 0.75 } })
    const sketched = round(1, 0, { evidence: [evidence([0.25], { statistic: 'sketch' })] })
    expect(sumsAfter(round(0, 0.5), sketched)).toEqual({ [SMALL]: { margin: 0.5, sketch: 0.25 } })
  })

  it('is kept for a model while another is declared', () => {
    const other = outcome(1, answers('a', { model: NANO, evidence: [evidence([-1])] }))
    expect(sumsAfter(round(0, 0.5), other, round(2, 0.25))).toEqual({ [SMALL]: { margin: 0.75 } })
  })

  it('is nothing without calibration, and in answers that were not accepted', () => {
    expect(sumsAfter(round(0, 0, { evidence: undefined }))).toEqual({})
    for (const result of ['inconclusive', 'missed', 'refused'] as const)
      expect(sumsAfter(round(0, 0.5), round(1, 5, { result }))).toEqual({ [SMALL]: { margin: 0.5 } })
  })

  it('does not count while the controls fail', () => {
    const faulty = { ...round(1, 5), controlsPassed: false }
    const found = play(2, (at) => (at === 0 ? round(0, 0.5) : faulty))
    expect(found.miners.a).toMatchObject({ strikes: 0, evidence: { sums: { [SMALL]: { margin: 0.5 } } } })
    expect(found.breaker.held).toEqual({})
  })

  it('refuses what no run of values leaves behind, and one statistic twice', () => {
    const parse = (found: unknown) => answerOutcomeSchema.safeParse({ ...answer('a', 'c'), evidence: found })
    expect(parse([evidence([0.5])]).success).toBe(true)
    expect(parse([evidence([0.5], { peak: 0.25 })]).success).toBe(false)
    expect(parse([evidence([0.5]), evidence([0.5], { pair: 'other' })]).success).toBe(false)
    expect(parse([evidence([Number.NEGATIVE_INFINITY])]).success).toBe(false)
  })
})

describe('a sum that reaches its threshold', () => {
  const before = play(20, (at) => outcome(at, answers('a')))
  const book = play(2, (at) => round(at, 0.5), { book: before })

  it('is a reject: nothing verified, a penalty, no quality for the model, and the sum starts again', () => {
    expect(book.miners.a).toMatchObject({ verified: 0, strikes: 1, cleanRounds: 0, penalisedUntil: 31 })
    expect(book.miners.a?.evidence).toEqual({
      sums: {},
      alarm: { round: 21, model: SMALL, statistic: 'margin' },
    })
    const once = play(1, (at) => round(at, 0.5), { book: before })
    expect(book.models).toEqual(once.models)
  })

  it('counts when it is passed within an answer that ends below it', () => {
    const inside = { evidence: [evidence([0.5, -0.25])] }
    const found = play(2, (at) => round(at, 0, inside), { book: before })
    expect(found.miners.a).toMatchObject({ strikes: 0, evidence: { sums: { [SMALL]: { margin: 0.5 } } } })
    expect(play(1, (at) => round(at, 0, inside), { book: found }).miners.a?.strikes).toBe(1)
  })

  it('tells the miner why, while it is penalised for it', () => {
    const why = /^rejected in round 21: margin evidence of many answers/
    expect(scores(book).a).toMatchObject({
      score: 0,
      reasons: ['penalised until round 31', expect.stringMatching(why)],
    })
    const later = play(20, (at) => outcome(at, answers('a')), { book })
    expect(scores(later).a!.reasons).toEqual([])
    const another = settleRound(later, outcome(42, answers('a', { result: 'reject' })), config)
    expect(scores(another).a!.reasons).toEqual(['penalised until round 62'])
  })

  it('is held by the circuit breaker like any reject', () => {
    const names = Array.from({ length: 10 }, (_, i) => `m${i}`)
    const all = (at: number, rejecting: number) =>
      outcome(
        at,
        names.flatMap((hotkey, i) => answers(hotkey, i < rejecting ? { evidence: [evidence([0.2])] } : {})),
      )
    const established = play(100, (at) => all(at, 0))
    const open = settleRound(established, all(100, 4), config)
    expect(open.breaker).toEqual({ openUntil: 103, held: { m0: 100, m1: 100, m2: 100, m3: 100 } })
    expect(scores(open).m0!.reasons).toContain('a reject is held while penalties are paused')
    expect(settleRound(established, all(100, 3), config).miners.m0?.strikes).toBe(1)
  })
})

describe('a reject for another reason', () => {
  it('settles that model’s account, and no other', () => {
    const nano = answer('a', 'n', { model: NANO, evidence: [evidence([0.5])] })
    const first = { ...round(0, 0.5), answers: [...round(0, 0.5).answers, nano] }
    const rejected = outcome(1, answers('a', { result: 'reject' }))
    expect(evidenceAfter(first, rejected)).toEqual({ sums: { [NANO]: { margin: 0.5 } }, alarm: null })
  })
})

describe('hotkeysToWatch', () => {
  it('names those whose evidence is half way to a threshold, and tells them', () => {
    const rows = [0.25, 0.5, 0.75].map((sum, i) => answer(`h${i}`, 'c', { evidence: [evidence([sum])] }))
    const book = play(1, (at) => outcome(at, rows))
    expect(hotkeysToWatch(book, config)).toEqual({ h1: 0.5, h2: 0.75 })
    expect(hotkeysToWatch(book, { ...config, evidenceWatch: 0.75 })).toEqual({ h2: 0.75 })
    const told = `margin evidence of many answers of ${SMALL} stands at 0.75 of its threshold`
    expect(scores(book).h2!.reasons).toContain(told)
    expect(scores(book).h0!.reasons.join()).not.toContain('evidence')
  })
})

describe('what is on disk', () => {
  const entry = (at: number, outcomeOf: RoundOutcome) => ({
    ...{ kind: 'round' as const, round: at, block: at, blockHash: '0x00', challenges: 8, milliseconds: 1 },
    ...{ outcome: outcomeOf, rows: [], root: '0x00' },
  })

  it('brings the sums back, from the snapshot and from the journal alone', ({ onTestFinished }) => {
    const folder = mkdtempSync(join(tmpdir(), 'starling-evidence-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const store = openScoreStore(folder, config)
    for (const at of [0, 1, 2]) store.settle(entry(at, round(at, 0.3)))
    const { book } = store
    store.close()
    expect(book.miners.a?.evidence.sums[SMALL]?.margin).toBeCloseTo(0.9, 12)
    for (const prepare of [() => {}, () => rmSync(join(folder, 'scores.json'))]) {
      prepare()
      const again = openScoreStore(folder, config)
      expect(again.book).toEqual(book)
      again.close()
    }
  })

  it('may be from before evidence was summed', () => {
    const old = JSON.parse(JSON.stringify(play(2, (at) => outcome(at, answers('a'))))) as ScoreBook
    delete (old.miners.a as Partial<ScoreBook['miners'][string]>).evidence
    const book = parseScoreBook(old)
    expect(book.miners.a?.evidence).toEqual({ sums: {}, alarm: null })
    expect(settleRound(book, round(2, 0.5), config).miners.a?.evidence.sums).toEqual({
      [SMALL]: { margin: 0.5 },
    })
  })
})
