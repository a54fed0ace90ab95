import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Preference } from '../../../shared/consensus/preference.ts'
import { hashText } from '../../../shared/proof/hash.ts'
import { seededRandom } from '../../../shared/proof/random.ts'
import { type JudgedGroupField, rankFields } from '../../../validator/round/rank.ts'
import { defaultScoringConfig } from '../../../validator/scoring/config.ts'
import type { JudgeOutcome, RoundOutcome } from '../../../validator/scoring/outcome.ts'
import type { MinerRecord } from '../../../validator/scoring/score-book.ts'
import { settleRound } from '../../../validator/scoring/settle-round.ts'
import { isSilenced, stepStrikes, UNJUDGED } from '../../../validator/scoring/verdict-strikes.ts'
import { answers, checks, judge, outcome, play, scores } from '../../unit/scoring/fixtures.ts'
import { anyHistory, anyJudge, anyRound, HOTKEYS } from './histories.ts'

const config = {
  ...defaultScoringConfig,
  ...{ penaltyRounds: 2, qualityMinimum: 2, examAnswers: 2, examVerdicts: 20, verdictWindow: 4 },
}

const settle = (history: readonly RoundOutcome[]) =>
  play(history.length, (round) => history[round]!, { config })

/** The history with one hotkey's judging changed. */
const rejudged = (
  history: readonly RoundOutcome[],
  hotkey: string,
  change: (judge: JudgeOutcome) => JudgeOutcome,
) =>
  history.map((one) => ({
    ...one,
    judges: one.judges.map((row) => (row.hotkey === hotkey ? change(row) : row)),
  }))

const histories = anyHistory.map((rounds) => rounds.map((outcomeOf, round) => outcomeOf(round)))

describe('no score rises', () => {
  it('by a verdict that is none of the judge’s model, nor by obeying an answer', () => {
    const worse = fc.record({ mismatched: fc.nat(3), obeyed: fc.nat(3) })
    fc.assert(
      fc.property(histories, worse, (history, { mismatched, obeyed }) => {
        const cheated = rejudged(history, 'h0', (row) => {
          const honest = row.checks ?? checks()
          return {
            ...row,
            checks: {
              ...honest,
              mismatched: Math.min(honest.replayed, honest.mismatched + mismatched),
              obeyed: Math.min(honest.canaries, honest.obeyed + obeyed),
            },
          }
        })
        const honest = rejudged(history, 'h0', (row) => ({ ...row, checks: row.checks ?? checks() }))
        const [after, before] = [settle(cheated), settle(honest)].map((book) => scores(book, { config }).h0)
        expect(after?.score ?? 0).toBeLessThanOrEqual((before?.score ?? 0) + 1e-12)
        expect(after?.judge ?? 0).toBeLessThanOrEqual((before?.judge ?? 0) + 1e-12)
      }),
    )
  })

  it('by what a silenced judge says: not its own, nor anybody’s', () => {
    const struck = { ...checks(), mismatched: 2 }
    fc.assert(
      fc.property(histories, anyRound(), anyJudge, anyJudge, (history, last, one, other) => {
        const book = settle(history)
        const next = { ...last(book.round + 1), controlsPassed: true }
        const others = next.judges.filter(({ hotkey }) => hotkey !== 'h0')
        const saying = (row: typeof one) =>
          settleRound(
            book,
            {
              ...next,
              judges: [...others, { ...row, asked: 8, completed: 8, hotkey: 'h0', checks: struck }],
            },
            config,
          )
        const [said, else_] = [saying(one), saying(other)]
        const totals = [said, else_].map((after) =>
          Object.entries(scores(after, { config })).map(([hotkey, { score, judge }]) => [
            hotkey,
            score,
            judge,
          ]),
        )
        expect(totals[0]).toEqual(totals[1])
        expect(said.voices).toEqual(else_.voices)
        expect(scores(said, { config }).h0?.judge).toBe(0)
      }),
    )
  })

  it('by judging together: the likelihood judges of a voice are paid at most what the best of them would be alone', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { minLength: 2, maxLength: 8 }), (counts) => {
        const rows = counts.map(([goldRight, goldWrong], i) => judge(`j${i}`, { goldRight, goldWrong }))
        const playing = (judges: JudgeOutcome[]) =>
          scores(
            play(
              3,
              (round) =>
                outcome(
                  round,
                  judges.flatMap(({ hotkey }) => answers(hotkey)),
                  { judges },
                ),
              { config },
            ),
            { config },
          )
        const together = Object.values(playing(rows)).reduce((sum, parts) => sum + parts.judge, 0)
        const best = Math.max(...rows.map((row) => playing([row])[row.hotkey]!.judge))
        expect(together).toBeLessThanOrEqual(best + 1e-12)
      }),
    )
  })
})

describe('a field’s ranking', () => {
  const ANSWERS = 4
  const preference = fc.record({
    pair: fc.constantFrom<[number, number]>([0, 1], [1, 2], [2, 3], [3, 0], [0, 2]),
    winOfA: fc.constantFrom(0, 0.5, 1),
  })
  const judgement = fc
    .array(preference, { maxLength: 12 })
    .map((all) => all.map(({ pair: [a, b], winOfA }) => ({ a, b, winOfA, weight: 1 })))
  const fieldOf = (said: readonly (readonly [string, Preference[]])[]): JudgedGroupField => ({
    correct: [true, false, null, null],
    owners: ['w', 'x', 'y', 'z'],
    judgements: said.map(([hotkey, preferences]) => ({
      judge: { hotkey, model: hotkey.slice(0, 1), method: 'prompted' },
      preferences,
      checks: { verdicts: preferences.length, tokens: 0, replayed: 0, mismatched: 0 },
    })),
  })
  const rank = (said: readonly (readonly [string, Preference[]])[]) =>
    rankFields(
      [fieldOf(said)],
      (voice) => (voice === 'a:prompted' ? 1.5 : 0.7),
      (hotkey) => hotkey === 'a-silenced',
    ).qualities[0]!

  it('is the same whatever a silenced judge says', () => {
    fc.assert(
      fc.property(judgement, judgement, judgement, (one, other, liar) => {
        const heard = [
          ['a1', one],
          ['b1', other],
        ] as const
        expect(rank([...heard, ['a-silenced', liar]])).toEqual(rank(heard))
        expect(rank(heard)).toHaveLength(ANSWERS)
      }),
    )
  })

  it('is the same however many judges of one voice say one thing', () => {
    fc.assert(
      fc.property(judgement, judgement, fc.integer({ min: 2, max: 9 }), (one, other, clones) => {
        const many = Array.from({ length: clones }, (_, i) => [`b${i}`, other] as const)
        const [together, alone] = [
          rank([['a1', one], ...many]),
          rank([
            ['a1', one],
            ['b0', other],
          ]),
        ]
        for (const [i, quality] of together.entries()) expect(quality).toBeCloseTo(alone[i]!, 9)
      }),
    )
  })
})

describe('verdicts that are none of the model', () => {
  const { verdictStrikes, verdictWindow } = defaultScoringConfig
  const random = seededRandom(hashText('verdicts that count'))

  /** False verdicts that were heard in one window, of a judge that gives so many a round. */
  function heard(falseVerdicts: number, share: number): number {
    let judging = UNJUDGED
    let count = 0
    for (let round = 0; round < verdictWindow; round++) {
      // And for the rest of the window.
      if (isSilenced({ judge: judging } as MinerRecord, undefined, defaultScoringConfig)) break
      const found = Array.from({ length: falseVerdicts }).filter(() => random() < share).length
      const fresh = checks({ verdicts: 100, replayed: 100, mismatched: found })
      const record = { judge: judging } as MinerRecord
      if (!isSilenced(record, fresh, defaultScoringConfig)) count += falseVerdicts
      judging = stepStrikes(judging, fresh, defaultScoringConfig)
    }
    return count
  }

  const meanHeard = (falseVerdicts: number, share: number) => {
    const judges = 400
    let total = 0
    for (let i = 0; i < judges; i++) total += heard(falseVerdicts, share)
    return total / judges
  }

  it('are heard in fewer than strikes over share of replay a window, on average, however many are given', () => {
    for (const share of [0.05, 0.1])
      for (const falseVerdicts of [1, 4, 20])
        expect(meanHeard(falseVerdicts, share), `${falseVerdicts} at ${share}`).toBeLessThan(
          verdictStrikes / share,
        )
  })

  it('are hardly heard where there are many of them in a round', () => {
    expect(meanHeard(20, 0.1)).toBeLessThan(8)
    expect(meanHeard(60, 0.1)).toBeLessThan(1)
  })
})

describe('a judge that is not asked', () => {
  it('keeps what is held of its judging, for it and against it', () => {
    fc.assert(
      fc.property(histories, anyRound(HOTKEYS.slice(1)), (history, next) => {
        const book = settle(history)
        fc.pre(book.breaker.held.h0 === undefined)
        const after = settleRound(book, next(book.round + 1), config)
        expect(after.favourites.h0).toEqual(book.favourites.h0)
        expect(isSilenced(after.miners.h0, undefined, config)).toBe(
          isSilenced(book.miners.h0, undefined, config),
        )
      }),
    )
  })
})
