import { describe, expect, it } from 'vitest'
import { answersAreKept, heardSomebody, MOST_UNHEARD } from '../../../validator/round/silence.ts'
import type { Attempt } from '../../../validator/round/types.ts'
import { makeParticipants } from '../../support/participants.ts'

const miners = makeParticipants(4)
/** What became of each miner’s part. */
const attempts = (...results: object[]) =>
  results.map((result, i) => ({ challenge: {}, miner: miners[i]!, ...result }) as unknown as Attempt)

const silent = { result: 'missed', reason: 'error TIMEOUT: no answer', heard: false }
const commit = { commit: {} }
const unheard = expect.objectContaining({ code: 'ROUND_UNHEARD' })

describe('a round in which nobody was heard', () => {
  it('counts for nobody, with the reason', () => {
    expect(() => heardSomebody(7, attempts(silent, silent, silent), 0)).toThrow(unheard)
    expect(() => heardSomebody(7, attempts(silent, silent, silent, silent), MOST_UNHEARD - 1)).toThrow(
      'none of 4 miners was heard in round 7, which counts for nobody',
    )
  })

  it('counts where one miner was heard, whatever it said', () => {
    for (const word of [
      commit,
      { ...commit, result: 'revealed' },
      { result: 'refused', reason: '', heard: true },
      { result: 'missed', reason: 'error REFUSED: NOT_FOUND', heard: true },
    ]) {
      expect(() => heardSomebody(7, attempts(silent, silent, silent, word), 0)).not.toThrow()
    }
  })

  it('counts where so few were asked that the silence may be theirs, and so may that of one coldkey', () => {
    expect(() => heardSomebody(7, attempts(silent, silent), 0)).not.toThrow()
    const own = attempts(silent, silent, silent, silent)
    const one = own.map((attempt) => ({ ...attempt, miner: { ...attempt.miner, coldkey: 'one' } }))
    expect(() => heardSomebody(7, one, 0)).not.toThrow()
  })

  it('counts once silence lasts', () => {
    expect(() => heardSomebody(7, attempts(silent, silent, silent), MOST_UNHEARD)).not.toThrow()
  })
})

it('a round whose chain was away for longer than miners keep answers is given up', () => {
  expect(() => answersAreKept(7, 299_000)).not.toThrow()
  expect(() => answersAreKept(7, 301_000)).toThrow(
    expect.objectContaining({ code: 'ANCHOR_LATE', message: expect.stringContaining('round 7') }),
  )
})
