import { describe, expect, it } from 'vitest'
import { replayedVerdicts, verdictLotMessage } from '../../../shared/judging/replay-lot.ts'
import { hashText } from '../../../shared/proof/hash.ts'

const verdicts = Array.from({ length: 400 }, (_, k) => k)
const drawn = (lot: string, judge: string, of = verdicts) =>
  replayedVerdicts(hashText(lot), hashText(judge), of, 0.1)

describe('which verdicts are replayed', () => {
  it('is known to nobody who lacks the lot', () => {
    const [one, other] = [drawn('lot', 'judge'), drawn('another lot', 'judge')]
    const both = one.filter((k) => other.includes(k))
    // Of 40 each by chance 4 are the same; all would be, if the judge alone decided.
    expect(both.length).toBeLessThan(Math.min(one.length, other.length) / 2)
    expect(drawn('lot', 'judge')).toEqual(one)
  })

  it('is another question for each judge', () => {
    expect(drawn('lot', 'judge')).not.toEqual(drawn('lot', 'other judge'))
  })

  it('changes for none of them by what else was asked', () => {
    const some = verdicts.filter((k) => k % 3 === 0)
    expect(drawn('lot', 'judge', some)).toEqual(drawn('lot', 'judge').filter((k) => k % 3 === 0))
  })

  it('is asked of the validator’s function once a challenge', () => {
    expect(verdictLotMessage(hashText('a'))).toEqual(verdictLotMessage(hashText('a')))
    expect(verdictLotMessage(hashText('a'))).not.toEqual(verdictLotMessage(hashText('b')))
  })
})
