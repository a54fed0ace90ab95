import { summariseStretch } from '../../../shared/proof/cusum.ts'
import type { Evidence } from '../../../shared/proof/evidence/evidence.ts'
import { defaultScoringConfig, type ScoringConfig } from '../../../validator/scoring/config.ts'
import type {
  AnswerOutcome,
  JudgeChecks,
  JudgeOutcome,
  RoundOutcome,
} from '../../../validator/scoring/outcome.ts'
import { emptyScoreBook, type ScoreBook } from '../../../validator/scoring/score-book.ts'
import { scoreMiners } from '../../../validator/scoring/score-miners.ts'
import type { ScoreParts } from '../../../validator/scoring/score-parts.ts'
import { settleRound } from '../../../validator/scoring/settle-round.ts'

export const SMALL = 'aa11'
export const NANO = 'bb22'
export const REGISTRY = [SMALL, NANO]

/** A right, accepted, surprising gold answer, changed as the test says. */
export function answer(
  hotkey: string,
  challengeId: string,
  change: Partial<AnswerOutcome> = {},
): AnswerOutcome {
  const { result = 'accept', gold = true } = change
  return {
    challengeId,
    hotkey,
    model: SMALL,
    result,
    surprise: result === 'missed' || result === 'refused' ? 0 : 40,
    greedy: false,
    gold,
    ...(result === 'accept' && gold ? { correct: true } : {}),
    ...change,
  }
}

/** Evidence of values x − k, in units of the threshold. */
export function evidence(increments: readonly number[], change: Partial<Evidence> = {}): Evidence {
  return { statistic: 'margin', pair: 'fp32>fp32', ...summariseStretch(increments), ...change }
}

/** Eight answers of one miner in one round. */
export function answers(hotkey: string, change: Partial<AnswerOutcome> = {}, count = 8): AnswerOutcome[] {
  return Array.from({ length: count }, (_, i) => answer(hotkey, `c${i}`, change))
}

export function judge(hotkey: string, change: Partial<JudgeOutcome> = {}): JudgeOutcome {
  return {
    hotkey,
    model: SMALL,
    method: 'likelihood',
    asked: 8,
    completed: 8,
    goldRight: 9,
    goldWrong: 1,
    checks: checks(),
    ...change,
  }
}

/** Checks of a judge that did nothing wrong, changed as the test says. */
export function checks(change: Partial<JudgeChecks> = {}): JudgeChecks {
  return { verdicts: 40, tokens: 1200, replayed: 4, mismatched: 0, canaries: 0, obeyed: 0, ...change }
}

export function outcome(
  round: number,
  rows: readonly AnswerOutcome[],
  change: Partial<RoundOutcome> = {},
): RoundOutcome {
  return { round, answers: [...rows], judges: [], controlsPassed: true, ...change }
}

/** Settles rounds 0, 1, 2, … whose outcomes the function gives, upon the book. */
export function play(
  rounds: number,
  outcomeOf: (round: number) => RoundOutcome,
  {
    book = emptyScoreBook(),
    config = defaultScoringConfig,
  }: { book?: ScoreBook; config?: ScoringConfig } = {},
): ScoreBook {
  let now = book
  const first = book.round + 1
  for (let round = first; round < first + rounds; round++) now = settleRound(now, outcomeOf(round), config)
  return now
}

/** Scores of everyone in the book, each under a coldkey of its own unless said otherwise. */
export function scores(
  book: ScoreBook,
  {
    coldkeys = {},
    config = defaultScoringConfig,
    registry = REGISTRY,
  }: { coldkeys?: Record<string, string>; config?: ScoringConfig; registry?: string[] } = {},
): Record<string, ScoreParts> {
  const own = Object.fromEntries(Object.keys(book.miners).map((hotkey) => [hotkey, `cold of ${hotkey}`]))
  return scoreMiners(book, { coldkeyOf: { ...own, ...coldkeys }, registry, config })
}
