import { describe, expect, it } from 'vitest'
import { roundConfigSchema } from '../../../validator/config.ts'
import { replayShares } from '../../../validator/round/rank-answers.ts'
import { defaultScoringConfig } from '../../../validator/scoring/config.ts'
import { emptyScoreBook } from '../../../validator/scoring/score-book.ts'

const favourites = { liar: { friend: { net: 60, count: 60 } } }
const book = { ...emptyScoreBook(), favourites }
const shares = (change: { verdictReplayShare?: number; rankingReplay?: number }) =>
  replayShares(book, roundConfigSchema.parse(change), defaultScoringConfig)

describe('verdicts that are computed again', () => {
  it('are more of those that rank answers than of those on gold', () => {
    const share = shares({ verdictReplayShare: 0.1, rankingReplay: 2 })
    expect([share('anyone', true), share('anyone', false)]).toEqual([0.1, 0.2])
  })

  it('are more of a judge with favourites, and never more than all', () => {
    const share = shares({ verdictReplayShare: 0.2, rankingReplay: 2 })
    expect(share('liar', true)).toBeCloseTo(0.2 * defaultScoringConfig.favourReplay)
    expect(share('liar', false)).toBe(1)
  })

  it('are none where the share is 0', () => {
    expect(shares({ verdictReplayShare: 0 })('liar', false)).toBe(0)
  })
})
