import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_EVIDENCE, stepEvidence } from '../../../validator/scoring/evidence.ts'
import type { AnswerOutcome } from '../../../validator/scoring/outcome.ts'
import type { EvidenceRecord } from '../../../validator/scoring/score-book.ts'
import { answer, evidence, SMALL } from '../../unit/scoring/fixtures.ts'
import { anyRow, increments } from './histories.ts'

const anyAnswers = fc
  .array(anyRow, { maxLength: 6 })
  .map((rows) => rows.map((row, i): AnswerOutcome => ({ ...row, hotkey: 'a', challengeId: `c${i}` })))
const stretches = fc.array(fc.array(increments, { minLength: 1, maxLength: 4 }), { maxLength: 12 })

/** Rounds of accepted answers with these increments; `change` is told round and place of each. */
const rounds = (
  all: readonly number[][][],
  change: (at: number, i: number) => Partial<AnswerOutcome> = () => ({}),
): AnswerOutcome[][] =>
  all.map((own, at) =>
    own.map((values, i) => answer('a', `c${i}`, { evidence: [evidence(values)], ...change(at, i) })),
  )

/** The record after some rounds, and those that alarmed. */
function follow(history: readonly (readonly AnswerOutcome[])[], start = NO_EVIDENCE) {
  let record: EvidenceRecord = start
  const alarms: number[] = []
  for (const [round, rows] of history.entries()) {
    const step = stepEvidence(record, rows, { round, controlsPassed: true })
    record = step.record
    if (step.alarmed) alarms.push(round)
  }
  return { record, alarms }
}

/** Sums of one model and statistic; 0 where there is none. */
const sumOf = ({ sums }: EvidenceRecord, model = SMALL) => sums[model]?.margin ?? 0

describe('evidence', () => {
  it('stays between 0 and the threshold', () => {
    fc.assert(
      fc.property(fc.array(anyAnswers, { maxLength: 8 }), (history) => {
        const { record } = follow(history)
        for (const sum of Object.values(record.sums).flatMap((own) => Object.values(own))) {
          expect(sum).toBeGreaterThan(0)
          expect(sum).toBeLessThan(1)
        }
      }),
    )
  })

  it('cannot be banked: no honest past makes a cheat’s first alarm later', () => {
    fc.assert(
      fc.property(stretches, stretches, (past, cheat) => {
        const before = follow(rounds(past)).record
        const alone = follow(rounds(cheat))
        const after = follow(rounds(cheat), before)
        const first = alone.alarms[0] ?? Number.POSITIVE_INFINITY
        expect(after.alarms[0] ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(first)
        if (after.alarms.length === 0) expect(sumOf(after.record)).toBeGreaterThanOrEqual(sumOf(alone.record))
      }),
    )
  })

  it('cannot be banked within a round or an answer either', () => {
    const [past, cheat] = [increments, fc.array(increments, { minLength: 1, maxLength: 4 })]
    fc.assert(
      fc.property(past, cheat, (honest, [first = [], ...others]) => {
        const alone = follow(rounds([[first, ...others]]))
        for (const round of [
          [honest, first, ...others],
          [[...honest, ...first], ...others],
        ]) {
          const after = follow(rounds([round]))
          expect(after.alarms.length).toBeGreaterThanOrEqual(alone.alarms.length)
          if (after.alarms.length === 0)
            expect(sumOf(after.record)).toBeGreaterThanOrEqual(sumOf(alone.record) - 1e-12)
        }
      }),
    )
  })

  it('never rises by answers that were not accepted', () => {
    fc.assert(
      fc.property(
        stretches,
        anyAnswers,
        fc.constantFrom('inconclusive' as const, 'missed' as const, 'refused' as const),
        (past, rows, result) => {
          const { record } = follow(rounds(past))
          const others = rows.map((row) => ({ ...row, result }))
          const step = stepEvidence(record, others, { round: 99, controlsPassed: true })
          expect(step).toEqual({ record, alarmed: false })
        },
      ),
    )
  })

  it('is the same in whatever classes the answers were computed', () => {
    fc.assert(
      fc.property(
        stretches,
        fc.infiniteStream(fc.constantFrom('fp32>fp32', 'q4>fp32', 'gpu>fp32')),
        (all, pairs) => {
          const split = rounds(all).map((own) =>
            own.map((row) => {
              const found = row.evidence!.map((one) => ({ ...one, pair: pairs.next().value as string }))
              return { ...row, evidence: found }
            }),
          )
          expect(follow(split)).toEqual(follow(rounds(all)))
        },
      ),
    )
  })

  it('lets a cheat with M models spend less than M thresholds before an alarm', () => {
    const cheat = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(
        cheat,
        fc.integer({ min: 1, max: 3 }),
        fc.infiniteStream(fc.nat()),
        (spent, models, draws) => {
          const declared = spent.map(() => `model ${(draws.next().value as number) % models}`)
          const history = rounds(
            spent.map((value) => [[value / 32]]),
            (at) => ({ model: declared[at]! }),
          )
          const first = follow(history).alarms[0] ?? spent.length
          const unpunished = spent.slice(0, first).reduce((sum, value) => sum + value / 32, 0)
          expect(unpunished).toBeLessThan(models)
        },
      ),
    )
  })

  it('comes out of a journal as it went in', () => {
    fc.assert(
      fc.property(fc.array(anyAnswers, { maxLength: 6 }), (history) => {
        const journal = JSON.parse(JSON.stringify(history)) as AnswerOutcome[][]
        expect(JSON.stringify(follow(journal))).toBe(JSON.stringify(follow(history)))
      }),
    )
  })
})
