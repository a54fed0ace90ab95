import { addJudgements } from '../../shared/consensus/judge-reliability.ts'
import { voiceOf } from '../../shared/consensus/voice.ts'
import { addChecks } from './add-checks.ts'
import { type Conduct, moveVerified } from './conduct.ts'
import type { ScoringConfig } from './config.ts'
import { NOT_SAT, sitAnswers, sitVerdicts } from './exam.ts'
import type { AnswerOutcome, JudgeOutcome } from './outcome.ts'
import { addQuality, countQuality, NO_QUALITY } from './quality.ts'
import { type MinerRecord, NO_CHECKS, type Tally } from './score-book.ts'
import { stepStrikes, UNJUDGED } from './verdict-strikes.ts'
import { goldCounts } from './voice-counts.ts'

/** The record of a hotkey that was never seen: nothing verified, so it starts from score 0 under every name. */
export function newRecord(round: number): MinerRecord {
  return {
    firstRound: round,
    lastRound: round,
    model: null,
    verified: 0,
    speed: null,
    own: NO_QUALITY,
    strikes: 0,
    cleanRounds: 0,
    penalisedFrom: null,
    penalisedUntil: 0,
    judge: null,
    evidence: { sums: {}, alarm: null },
    exam: NOT_SAT,
    tally: { rounds: 0, accepted: 0, rejected: 0, inconclusive: 0, missed: 0, refused: 0 },
  }
}

/**
 * The record after a round of answers without a reject. A miner that proves another model starts again from nothing verified, and sits
 * its exam again: both are about a hotkey and the model that it says it runs.
 *
 * @param at.speed its clipped speed against the round's median; undefined if it was not measured
 */
export function recordAnswers(
  record: MinerRecord,
  conduct: Conduct,
  { round, speed }: { readonly round: number; readonly speed: number | undefined },
  config: ScoringConfig,
): MinerRecord {
  const same = conduct.model === record.model
  const own = countQuality(conduct.accepted.filter((answer) => answer.model === conduct.model))
  const exam = same || record.model === null ? record.exam : { ...NOT_SAT, failed: record.exam.failed }
  return {
    ...record,
    model: conduct.model,
    verified: moveVerified(same ? record.verified : 0, conduct, config),
    speed: moveSpeed(record.speed, speed, config.speedRise),
    own: conduct.credited
      ? addQuality(same ? record.own : NO_QUALITY, own, config.qualityHalfLife)
      : record.own,
    exam: conduct.credited ? sitAnswers(exam, own, round, config) : exam,
  }
}

/**
 * The record after a round of judging; it stays as it is when the miner was asked for nothing.
 *
 * @param judge with `fairChecks`
 */
export function recordJudging(record: MinerRecord, judge: JudgeOutcome, config: ScoringConfig): MinerRecord {
  if (judge.asked === 0) return record
  const last = record.judge
  const { checks } = judge
  const before = last !== null && voiceOf(last) === voiceOf(judge) ? last.counts : { right: 0, wrong: 0 }
  const completion = last?.completion ?? 0
  const gap = judge.completed / judge.asked - completion
  return {
    ...record,
    judge: {
      model: judge.model,
      method: judge.method,
      counts: addJudgements(before, goldCounts(judge), config.judgeHalfLife),
      completion: completion + gap * (gap > 0 ? config.verifiedRise : config.verifiedFall),
      ...stepStrikes(last ?? UNJUDGED, checks, config),
      tally: addChecks(last?.tally ?? NO_CHECKS, checks ?? NO_CHECKS),
    },
    exam: sitVerdicts(record.exam, checks, config),
  }
}

/** The tally with one more round of answers. */
export function addTally(tally: Tally, answers: readonly AnswerOutcome[]): Tally {
  const count = (result: AnswerOutcome['result']) =>
    answers.filter((answer) => answer.result === result).length
  return {
    rounds: tally.rounds + (answers.length > 0 ? 1 : 0),
    accepted: tally.accepted + count('accept'),
    rejected: tally.rejected + count('reject'),
    inconclusive: tally.inconclusive + count('inconclusive'),
    missed: tally.missed + count('missed'),
    refused: tally.refused + count('refused'),
  }
}

function moveSpeed(before: number | null, measured: number | undefined, rise: number): number | null {
  if (measured === undefined) return before
  return before === null ? measured : before + rise * (measured - before)
}
