import { describe, expect, it } from 'vitest'
import { defaultScoringConfig as config } from '../../../validator/scoring/config.ts'
import type { RoundOutcome } from '../../../validator/scoring/outcome.ts'
import { settleRound } from '../../../validator/scoring/settle-round.ts'
import { answers, outcome, play, scores } from './fixtures.ts'

const names = Array.from({ length: 10 }, (_, i) => `m${i}`)

/** Ten miners; the first `rejecting` of them reject. */
function round(at: number, rejecting: number, change: Partial<RoundOutcome> = {}): RoundOutcome {
  return outcome(
    at,
    names.flatMap((hotkey, i) => answers(hotkey, i < rejecting ? { result: 'reject' } : {})),
    change,
  )
}

const established = play(100, (at) => round(at, 0))

describe('circuit breaker', () => {
  it('lets rejects be punished at once in ordinary rounds', () => {
    const book = settleRound(established, round(100, 3), config)
    expect(book.breaker.openUntil).toBeNull()
    expect(book.miners.m0?.strikes).toBe(1)
  })

  it('holds them, unpaid, when over 30 % of the established miners reject, and punishes after three rounds', () => {
    const open = settleRound(established, round(100, 4), config)
    expect(open.breaker).toEqual({ openUntil: 103, held: { m0: 100, m1: 100, m2: 100, m3: 100 } })
    expect(open.miners.m0).toMatchObject({ strikes: 0, penalisedUntil: 0 })
    expect(open.miners.m0?.verified).toBe(established.miners.m0?.verified)
    expect(scores(open).m0).toMatchObject({
      score: 0,
      reasons: ['a reject is held while penalties are paused'],
    })
    expect(scores(open).m9!.score).toBeGreaterThan(0)
    const closed = play(3, (at) => round(at, 0), { book: open })
    expect(closed.breaker).toEqual({ openUntil: null, held: {} })
    expect(closed.miners.m0).toMatchObject({ strikes: 1, verified: 0, cleanRounds: 0, penalisedUntil: 113 })
  })

  it('leaves a held miner as it was, whatever else it answered in that round', () => {
    const partly = round(100, 4)
    const rows = partly.answers.map((row) =>
      row.hotkey === 'm0' && row.challengeId === 'c1' ? { ...row, result: 'missed' as const } : row,
    )
    const open = settleRound(
      established,
      { ...partly, answers: [...rows.slice(1), answers('m0')[0]!] },
      config,
    )
    const { verified, model, own, cleanRounds } = established.miners.m0!
    expect(open.breaker.held.m0).toBe(100)
    expect(open.miners.m0).toMatchObject({ verified, model, own, cleanRounds })
  })

  it('does not let 40 % reject for ever: once punished they are not established', () => {
    const book = play(20, (at) => round(at, 4), { book: established })
    expect(book.breaker.openUntil).toBeNull()
    expect(book.miners.m0?.strikes).toBeGreaterThan(10)
    for (let i = 0; i < 4; i++) expect(scores(book)[`m${i}`]!.score).toBe(0)
  })

  it('opens when the controls fail, and drops what is held if they still fail at the end', () => {
    const open = settleRound(established, round(100, 1, { controlsPassed: false }), config)
    expect(open.breaker.held).toEqual({ m0: 100 })
    const broken = play(3, (at) => round(at, 0, { controlsPassed: false }), { book: open })
    expect(broken.miners.m0?.strikes).toBe(0)
    expect(scores(broken).m0!.score).toBeGreaterThan(0)
    const repaired = play(3, (at) => round(at, 0), { book: open })
    expect(repaired.miners.m0?.strikes).toBe(1)
  })

  it('settles a held reject by its second audit', () => {
    const open = settleRound(established, round(100, 4), config)
    const reaudits = [
      { hotkey: 'm0', verdict: 'accept' as const },
      { hotkey: 'm1', verdict: 'reject' as const },
      { hotkey: 'm2', verdict: 'inconclusive' as const },
    ]
    const next = settleRound(open, round(101, 0, { reaudits }), config)
    expect(next.breaker.held).toEqual({ m2: 100, m3: 100 })
    expect(scores(next).m0!.score).toBeGreaterThan(0)
    expect(next.miners.m1).toMatchObject({ strikes: 1, penalisedUntil: 111 })
  })

  it('punishes a miner that has left while its reject was held', () => {
    const open = settleRound(established, round(100, 4), config)
    const gone = play(3, (at) => ({ ...round(at, 0), answers: [] }), { book: open })
    expect(gone.miners.m0?.strikes).toBe(1)
  })

  it('cannot be tripped by newcomers, nor by fewer than three established miners', () => {
    const young = play(99, (at) => round(at, 0))
    expect(settleRound(young, round(99, 9), config).breaker.openUntil).toBeNull()
    const two = names.slice(0, 2)
    const few = (at: number, result: 'accept' | 'reject') =>
      outcome(
        at,
        two.flatMap((hotkey) => answers(hotkey, { result })),
      )
    const pair = play(100, (at) => few(at, 'accept'))
    expect(settleRound(pair, few(100, 'reject'), config).breaker.openUntil).toBeNull()
  })
})
