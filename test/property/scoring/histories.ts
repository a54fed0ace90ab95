import fc from 'fast-check'
import type {
  AnswerOutcome,
  JudgeChecks,
  JudgeOutcome,
  RoundOutcome,
} from '../../../validator/scoring/outcome.ts'
import { evidence, NANO, SMALL } from '../../unit/scoring/fixtures.ts'

export const HOTKEYS = ['h0', 'h1', 'h2', 'h3', 'h4']

type Row = Omit<AnswerOutcome, 'hotkey' | 'challengeId'>

const model = fc.constantFrom(SMALL, SMALL, SMALL, NANO)
const score = fc.double({ min: 0, max: 1, noNaN: true })

/** Increments as of answers with some noise: credit is small, and four of the largest make an alarm. */
export const increments = fc.array(
  fc.constantFrom(-1, -1, -1, 0, 1, 3, 5).map((twentieths) => twentieths / 20),
  { maxLength: 8 },
)

const anyEvidence = fc
  .record({
    statistics: fc.constantFrom(['margin'] as const, ['sketch', 'margin'] as const),
    values: increments,
    pair: fc.constantFrom('fp32>fp32', 'q4>fp32'),
  })
  .map(({ statistics, values, pair }) => statistics.map((statistic) => evidence(values, { statistic, pair })))

/** An answer of any result, with the evidence that such a result can have. */
export const anyRow: fc.Arbitrary<Row> = fc
  .record({
    model,
    result: fc.constantFrom(
      'accept' as const,
      'accept' as const,
      'accept' as const,
      'accept' as const,
      'inconclusive' as const,
      'missed' as const,
      'refused' as const,
      'reject' as const,
    ),
    surprise: fc.double({ min: 0, max: 60, noNaN: true }),
    greedy: fc.boolean(),
    gold: fc.boolean(),
    correct: fc.boolean(),
    fieldQuality: score,
    family: fc.constantFrom('sum', 'sort', undefined),
    evidence: fc.option(anyEvidence, { nil: undefined }),
    tokensPerSecond: fc.option(fc.double({ min: 0, max: 500, noNaN: true }), { nil: undefined }),
  })
  .map(({ correct, fieldQuality, family, evidence: found, ...row }) => ({
    ...row,
    ...(family !== undefined && row.gold && { family }),
    ...(found !== undefined && { evidence: found }),
    ...(row.result === 'accept' && (row.gold ? { correct } : { fieldQuality })),
  }))

/** Checks of any judge; now and then a replay finds something. */
export const anyChecks: fc.Arbitrary<JudgeChecks> = fc
  .record({
    unreplayed: fc.nat(40),
    replayed: fc.nat(5),
    mismatched: fc.constantFrom(0, 0, 0, 1, 2),
    tokens: fc.nat(4000),
    canaries: fc.nat(4),
    obeyed: fc.nat(4),
  })
  .map(({ unreplayed, replayed, mismatched, tokens, canaries, obeyed }) => ({
    verdicts: unreplayed + replayed,
    tokens,
    replayed,
    mismatched: Math.min(mismatched, replayed),
    canaries,
    obeyed: Math.min(obeyed, canaries),
  }))

const anyEqualPairs = fc.dictionary(
  fc.constantFrom(...HOTKEYS),
  fc.tuple(fc.integer({ min: -9, max: 9 }), fc.nat(4)).map(([net, more]) => ({
    net,
    count: Math.abs(net) + more,
  })),
)

/** What a hotkey did as a judge, whatever it was. */
export const anyJudge: fc.Arbitrary<Omit<JudgeOutcome, 'hotkey'>> = fc
  .record({
    model,
    method: fc.constantFrom('likelihood' as const, 'prompted' as const),
    asked: fc.nat(8),
    skipped: fc.nat(8),
    goldRight: fc.nat(20),
    goldWrong: fc.nat(20),
    checks: fc.option(anyChecks, { nil: undefined, freq: 8 }),
    equalPairs: fc.option(anyEqualPairs, { nil: undefined }),
  })
  .map(({ skipped, checks, equalPairs, ...judge }) => ({
    ...judge,
    completed: Math.max(0, judge.asked - skipped),
    ...(checks !== undefined && { checks }),
    ...(equalPairs !== undefined && { equalPairs }),
  }))

const anyMiner = fc.record({
  rows: fc.array(anyRow, { maxLength: 6 }),
  judge: fc.option(anyJudge, { nil: undefined }),
})

/** A round in which the given hotkeys do anything, or nothing. */
export function anyRound(
  hotkeys: readonly string[] = HOTKEYS,
): fc.Arbitrary<(round: number) => RoundOutcome> {
  return fc
    .record({
      miners: fc.tuple(...hotkeys.map(() => fc.option(anyMiner, { nil: undefined, freq: 4 }))),
      controlsPassed: fc.constantFrom(true, true, true, false),
      prompts: fc.array(fc.constantFrom('p0', 'p1', 'p2', 'p3'), { maxLength: 3 }),
    })
    .map(({ miners, controlsPassed, prompts }) => (round: number) => ({
      round,
      controlsPassed,
      prompts,
      answers: miners.flatMap((miner, i) =>
        (miner?.rows ?? []).map((row, c) => ({ ...row, hotkey: hotkeys[i]!, challengeId: `c${c}` })),
      ),
      judges: miners.flatMap((miner, i) =>
        miner?.judge === undefined ? [] : [{ ...miner.judge, hotkey: hotkeys[i]! }],
      ),
    }))
}

/** Up to a dozen such rounds. */
export const anyHistory = fc.array(anyRound(), { maxLength: 12 })
