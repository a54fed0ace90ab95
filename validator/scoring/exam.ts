import type { ScoringConfig } from './config.ts'
import type { JudgeChecks } from './outcome.ts'
import type { ExamRecord, MinerRecord, QualityCounts } from './score-book.ts'

/** Of a hotkey that never sat, and of one that has proved another model. */
export const NOT_SAT: ExamRecord = {
  answers: 0,
  right: 0,
  passed: false,
  verdicts: 0,
  mayJudge: false,
  failed: null,
}

/**
 * The exam after a round's gold answers of the model that the miner has proved. It is made of ordinary challenges, so that nobody can sit it
 * with a better model than the one that it serves afterwards. It is failed when not even `examLimit` answers hold enough right ones; then
 * those of the next `examCooldown` rounds do not count.
 */
export function sitAnswers(
  exam: ExamRecord,
  fresh: QualityCounts,
  round: number,
  { examAnswers, examRight, examLimit, examCooldown }: ScoringConfig,
): ExamRecord {
  if (exam.passed || round < resitRound(exam, examCooldown)) return exam
  const answers = exam.answers + fresh.gold
  const right = exam.right + fresh.goldRight
  if (answers >= examAnswers && right >= Math.min(examRight, examAnswers))
    return { ...exam, answers, right, passed: true }
  return answers < Math.max(examLimit, examAnswers)
    ? { ...exam, answers, right }
    : { ...exam, answers: 0, right: 0, failed: round }
}

/** The exam after a round's verdicts: so many on end without one that the judge's model does not give. */
export function sitVerdicts(
  exam: ExamRecord,
  checks: JudgeChecks | undefined,
  { examVerdicts }: ScoringConfig,
): ExamRecord {
  if (exam.mayJudge || checks === undefined) return exam
  const verdicts = checks.mismatched > 0 ? 0 : exam.verdicts + checks.verdicts
  return { ...exam, verdicts, mayJudge: verdicts >= examVerdicts }
}

/** First round whose answers count again after a failed exam; 0 if none was failed. */
export function resitRound({ failed }: ExamRecord, examCooldown: number): number {
  return failed === null ? 0 : failed + examCooldown + 1
}

/**
 * First round that may pay a hotkey, as far as the exams of its coldkey's others go: one that first appeared while another had to wait
 * for its next exam waits as long. 0 if there is none such.
 *
 * @param siblings records of the other hotkeys of its coldkey
 */
export function sitsWith(
  { firstRound }: Pick<MinerRecord, 'firstRound'>,
  siblings: readonly MinerRecord[],
  { examCooldown }: ScoringConfig,
): number {
  const waits = siblings.flatMap(({ exam }) =>
    !exam.passed && exam.failed !== null && exam.failed < firstRound ? resitRound(exam, examCooldown) : [],
  )
  return Math.max(0, ...waits.filter((resit) => firstRound < resit))
}

/** Why a miner is not paid yet, or not for judging; empty once it is, and for one that is never asked to judge. */
export function examReasons(
  { exam, judge }: Pick<MinerRecord, 'exam' | 'judge'>,
  round: number,
  { examAnswers, examRight, examLimit, examVerdicts, examCooldown }: ScoringConfig,
): string[] {
  const resit = resitRound(exam, examCooldown)
  const answering =
    exam.answers < examAnswers
      ? `entrance exam: ${exam.answers} of ${examAnswers} gold answers`
      : `entrance exam: ${exam.right} of ${examRight} right in ${exam.answers} gold answers`
  const failed = `entrance exam failed, fewer than ${examRight} of ${examLimit} right: again from round ${resit}`
  return [
    ...(exam.passed ? [] : [round + 1 < resit ? failed : answering]),
    ...(exam.mayJudge || judge === null
      ? []
      : [`entrance exam of judges: ${exam.verdicts} of ${examVerdicts} verdicts`]),
  ]
}
