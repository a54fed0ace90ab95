import { addJudgements } from '../../shared/consensus/judge-reliability.ts'
import { StarlingError } from '../../shared/process/errors.ts'
import { rememberPrompts } from './asked.ts'
import { stepBreaker } from './breaker.ts'
import { canonicalOutcome } from './canonical-outcome.ts'
import { readConduct } from './conduct.ts'
import type { ScoringConfig } from './config.ts'
import { NO_EVIDENCE, stepEvidence } from './evidence.ts'
import { addFamilies } from './families.ts'
import { addFavourites } from './favourites.ts'
import { addTally, newRecord, recordAnswers, recordJudging } from './miner-record.ts'
import type { AnswerOutcome, JudgeOutcome, RoundOutcome } from './outcome.ts'
import { countCleanRound, punish } from './penalty.ts'
import { addQuality, countQuality } from './quality.ts'
import type { ScoreBook } from './score-book.ts'
import { relativeSpeeds } from './speed.ts'
import { fairChecks, isSilenced } from './verdict-strikes.ts'
import { countVoices } from './voice-counts.ts'

/**
 * The book after one more round. Pure: the old book is untouched, and the order of the outcome's rows does not matter. Only
 * hotkeys in the outcome (or with a held reject that falls due) move; all others keep their record as it is.
 *
 * @throws StarlingError OUTCOME_INVALID for a malformed outcome, or two rows for one miner and challenge
 * @throws StarlingError ROUND_SETTLED for a round that is not after the book's last
 */
export function settleRound(book: ScoreBook, outcome: RoundOutcome, config: ScoringConfig): ScoreBook {
  const { round, answers, controlsPassed, reaudits = [], prompts = [], ...rest } = canonicalOutcome(outcome)
  const judges = rest.judges.map((judge) => ({ ...judge, checks: fairChecks(judge.checks, controlsPassed) }))
  if (round <= book.round) {
    throw new StarlingError(
      'ROUND_SETTLED',
      `round ${round} is not after round ${book.round}, the last settled`,
    )
  }
  const answersOf = groupBy(answers, ({ hotkey }) => hotkey)
  const conducts = mapValues(answersOf, (own, hotkey) =>
    readConduct(own, book.miners[hotkey]?.model ?? null, config),
  )
  const evidence = mapValues(answersOf, (own, hotkey) =>
    stepEvidence(book.miners[hotkey]?.evidence ?? NO_EVIDENCE, own, { round, controlsPassed }),
  )
  const rejected = new Set(
    [...conducts].flatMap(([hotkey, conduct]) =>
      conduct.rejected || evidence.get(hotkey)!.alarmed ? hotkey : [],
    ),
  )
  const audited = new Set(answers.flatMap((answer) => (isAudited(answer) ? answer.hotkey : [])))
  const step = stepBreaker(
    book.breaker,
    book.miners,
    { round, rejected, audited, controlsPassed, reaudits },
    config,
  )
  // A cheat's lucky answers are no evidence for the model that it declared.
  const credited = new Map(
    [...conducts]
      .filter(([hotkey, conduct]) => conduct.credited && !rejected.has(hotkey))
      .map(([hotkey, conduct]) => [hotkey, conduct.accepted]),
  )

  const miners = { ...book.miners }
  const speeds = relativeSpeeds(credited, config)
  for (const [hotkey, own] of answersOf) {
    const before = miners[hotkey] ?? newRecord(round)
    let record = {
      ...before,
      lastRound: round,
      tally: addTally(before.tally, own),
      evidence: evidence.get(hotkey)!.record,
    }
    if (!rejected.has(hotkey)) {
      record = recordAnswers(record, conducts.get(hotkey)!, { round, speed: speeds.get(hotkey) }, config)
      if (credited.has(hotkey) && step.breaker.held[hotkey] === undefined) {
        record = countCleanRound(record, config)
      }
    }
    miners[hotkey] = record
  }
  for (const judge of judges) {
    const before = miners[judge.hotkey] ?? newRecord(round)
    miners[judge.hotkey] = recordJudging({ ...before, lastRound: round }, judge, config)
  }
  for (const hotkey of step.punished) {
    const record = miners[hotkey]
    if (record !== undefined) miners[hotkey] = punish(record, round, config)
  }
  const accepted = [...credited.values()].flat()
  return {
    version: 1,
    round,
    miners: sortKeys(miners),
    models: poolQuality(book.models, accepted, config),
    voices: poolVoices(book, judges, config),
    breaker: { ...step.breaker, held: sortKeys(step.breaker.held) },
    families: sortKeys(addFamilies(book.families, accepted, config)),
    favourites: poolFavourites(book.favourites, judges, config),
    asked: rememberPrompts(book.asked, prompts),
  }
}

/** Quality counts by declared model: miners that verifiably run one model differ by luck alone, and luck is not paid. */
function poolQuality(
  before: ScoreBook['models'],
  accepted: readonly AnswerOutcome[],
  config: ScoringConfig,
): ScoreBook['models'] {
  const models = { ...before }
  for (const [model, answers] of groupBy(accepted, (answer) => answer.model)) {
    models[model] = addQuality(models[model], countQuality(answers), config.qualityHalfLife)
  }
  return sortKeys(models)
}

function poolVoices(
  { voices: before, miners }: ScoreBook,
  judges: readonly JudgeOutcome[],
  config: ScoringConfig,
): ScoreBook['voices'] {
  const checks = new Map(judges.map((judge) => [judge.hotkey, judge.checks]))
  const fresh = countVoices(judges, (hotkey) => isSilenced(miners[hotkey], checks.get(hotkey), config))
  const voices = { ...before }
  for (const [voice, counts] of fresh) {
    voices[voice] = addJudgements(voices[voice] ?? { right: 0, wrong: 0 }, counts, config.judgeHalfLife)
  }
  return sortKeys(voices)
}

function poolFavourites(
  before: ScoreBook['favourites'],
  judges: readonly JudgeOutcome[],
  { judgeHalfLife }: ScoringConfig,
): ScoreBook['favourites'] {
  const favourites = { ...before }
  for (const { hotkey, equalPairs } of judges) {
    if (equalPairs === undefined) continue
    favourites[hotkey] = addFavourites(favourites[hotkey] ?? {}, equalPairs, judgeHalfLife)
  }
  return sortKeys(favourites)
}

function isAudited(answer: AnswerOutcome): boolean {
  return answer.result === 'accept' || answer.result === 'reject'
}

function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group === undefined) groups.set(keyOf(row), [row])
    else group.push(row)
  }
  return groups
}

function mapValues<Value, Result>(
  map: ReadonlyMap<string, Value>,
  change: (value: Value, key: string) => Result,
): Map<string, Result> {
  return new Map([...map].map(([key, value]) => [key, change(value, key)]))
}

/** One order of keys, so that equal books are equal bytes in a snapshot. */
function sortKeys<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : Number(a > b))))
}
