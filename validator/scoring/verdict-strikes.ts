import type { ScoringConfig } from './config.ts'
import type { JudgeChecks } from './outcome.ts'
import type { MinerRecord } from './score-book.ts'

type Judging = NonNullable<MinerRecord['judge']>

/**
 * Whether a judge's verdicts weigh nothing and earn nothing: `verdictStrikes` of its replayed verdicts, within `verdictWindow` rounds
 * of its judging, were none that its model gives under its seed, and since then it has not judged for a whole window.
 * Rounds in which it delivered nothing do not count, so silence and leaving wash nothing off; nor does another model or method.
 *
 * @param fresh `fairChecks` of the round that is being settled, in which one mismatch is enough not to be heard: where one in ten is
 * looked at, it stands for ten. Left out once they are in the record
 */
export function isSilenced(
  record: MinerRecord | undefined,
  fresh: JudgeChecks | undefined,
  config: ScoringConfig,
): boolean {
  if (fresh !== undefined && fresh.mismatched > 0) return true
  const { verdictStrikes, verdictWindow } = config
  const { judged, mismatches } = addStrikes(record?.judge ?? UNJUDGED, fresh, config)
  return mismatches.some((last, at) => {
    const first = mismatches[at - verdictStrikes + 1]
    return first !== undefined && last - first < verdictWindow && judged - last < verdictWindow
  })
}

/** Checks as they may be held against a judge: where the round's controls failed, the validator itself may be what does not match. */
export function fairChecks(
  checks: JudgeChecks | undefined,
  controlsPassed: boolean,
): JudgeChecks | undefined {
  return checks === undefined || controlsPassed ? checks : { ...checks, mismatched: 0 }
}

/** A judge's rounds and strikes after one more round; strikes that can silence nobody any more are dropped. */
export function stepStrikes(
  before: Pick<Judging, 'judged' | 'mismatches'>,
  fresh: JudgeChecks | undefined,
  config: ScoringConfig,
): Pick<Judging, 'judged' | 'mismatches'> {
  const { judged, mismatches } = addStrikes(before, fresh, config)
  return { judged, mismatches: mismatches.filter((at) => judged - at < 2 * config.verdictWindow) }
}

/** Of a hotkey that never judged. */
export const UNJUDGED: Pick<Judging, 'judged' | 'mismatches'> = { judged: 0, mismatches: [] }

function addStrikes(
  { judged, mismatches }: Pick<Judging, 'judged' | 'mismatches'>,
  fresh: JudgeChecks | undefined,
  { verdictStrikes }: ScoringConfig,
): Pick<Judging, 'judged' | 'mismatches'> {
  if (fresh === undefined || fresh.verdicts === 0) return { judged, mismatches }
  const now = judged + 1
  // More of them in one round add nothing.
  const strikes = Math.min(fresh.mismatched, verdictStrikes)
  return { judged: now, mismatches: [...mismatches, ...Array<number>(strikes).fill(now)] }
}
