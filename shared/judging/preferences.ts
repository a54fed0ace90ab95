import type { Preference } from '../consensus/preference.ts'
import type { Verdict } from '../inference/tasks/judge.ts'
import type { ScheduledPair } from './pair-schedule.ts'

/**
 * What a prompted judge's verdicts say of the answers that it compared, one preference a verdict; where it named neither, half a win each.
 * @param verdicts one a pair of the schedule
 */
export function judgementPreferences(
  schedule: readonly ScheduledPair[],
  verdicts: readonly (Verdict | undefined)[],
): Preference[] {
  return schedule.map(({ a, b }, k) => ({ a, b, winOfA: winOf(verdicts[k]), weight: 1 }))
}

function winOf(verdict: Verdict | undefined): number {
  if (verdict === undefined) return 0.5
  return verdict === 'A' ? 1 : 0
}
