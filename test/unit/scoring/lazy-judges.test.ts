import { describe, expect, it } from 'vitest'
import { hashText } from '../../../shared/proof/hash.ts'
import { seededRandom } from '../../../shared/proof/random.ts'
import { answer, answers, checks, judge, outcome, play, scores } from './fixtures.ts'

const ROUNDS = 30
const GOLD_PAIRS = 24
/** Of an honest miner's revenue: judging costs a fifth of answering, which costs half. */
const COST_OF_JUDGING = 0.5 * 0.2
const QUALITY = 0.75

/** What the judge says of a gold pair of which the first is right: 1, 0, or ½ for a tie. */
type Says = (random: () => number) => number

const honest =
  (accuracy: number): Says =>
  (random) =>
    random() < accuracy ? 1 : 0
const tie: Says = () => 0.5
const coin: Says = (random) => Math.round(random())

/** Score after a window of rounds, of a miner that answers honestly and judges so. */
function paid(says: Says, seed: number, mismatched = 0): number {
  const random = seededRandom(hashText(`lazy ${seed}`))
  const book = play(ROUNDS, (round) => {
    const rows = Array.from({ length: 12 }, (_, i) => answer('a', `c${i}`, { correct: i < 12 * QUALITY }))
    const right = Array.from({ length: GOLD_PAIRS }, () => says(random)).reduce((sum, win) => sum + win, 0)
    const judging = judge('a', {
      method: 'prompted',
      goldRight: right,
      goldWrong: GOLD_PAIRS - right,
      checks: checks({ mismatched }),
    })
    return outcome(round, rows, { judges: [judging] })
  })
  return scores(book).a!.score
}

const SEEDS = Array.from({ length: 8 }, (_, i) => i)
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const meanPaid = (says: Says, mismatched = 0) => mean(SEEDS.map((seed) => paid(says, seed, mismatched)))

describe('a lazy judge', () => {
  it('earns less than an honest one even if nothing were replayed, judging at a fifth of the cost of answering', () => {
    for (const accuracy of [0.75, 0.85, 0.95]) {
      const kept = (1 - COST_OF_JUDGING) * meanPaid(honest(accuracy))
      for (const lazy of [tie, coin]) expect(meanPaid(lazy), `${accuracy}`).toBeLessThan(kept)
    }
  })

  it('is paid nothing for judging with replays, and neither is a copied verdict', () => {
    // Another judge's verdict is none that this judge's seed gives, however right it is.
    const copied = meanPaid(honest(0.95), 1)
    expect(copied).toBeCloseTo(meanPaid(tie), 12)
    expect(copied).toBeLessThan((1 - COST_OF_JUDGING) * meanPaid(honest(0.75)))
  })

  it('pays where the model judges hardly better than chance: docs/scoring.md says from where on', () => {
    const answering = meanPaid(tie) / 0.8
    const breakEven = 0.5 + 0.5 * ((COST_OF_JUDGING / (1 - COST_OF_JUDGING)) * (0.8 / 0.2) * answering)
    const [below, above] = [breakEven - 0.04, breakEven + 0.04].map(
      (accuracy) => (1 - COST_OF_JUDGING) * meanPaid(honest(accuracy)),
    )
    expect(below).toBeLessThan(meanPaid(tie))
    expect(above).toBeGreaterThan(meanPaid(tie))
    expect(breakEven).toBeCloseTo(0.5 + 0.222 * answering, 3)
  })

  it('lives on its voice for some pairs only, replays or not', () => {
    const random = seededRandom(hashText('voices'))
    const { a, b, lazy } = scores(
      play(ROUNDS, (round) => {
        const rows = ['a', 'b', 'lazy'].flatMap((name) => answers(name))
        const judges = [honest(0.85), honest(0.85), coin].map((says, i) => {
          const wins = Array.from({ length: GOLD_PAIRS }, () => says(random)).reduce(
            (sum, win) => sum + win,
            0,
          )
          const gold = { goldRight: wins, goldWrong: GOLD_PAIRS - wins }
          return judge(['a', 'b', 'lazy'][i]!, { method: 'prompted', ...gold })
        })
        return outcome(round, rows, { judges })
      }),
    )
    const kept = (1 - COST_OF_JUDGING) * Math.min(a!.score, b!.score)
    expect(lazy!.score).toBeLessThan(kept)
  })
})
