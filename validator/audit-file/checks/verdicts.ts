import { verdictCommitFault, verdictFault } from '../../round/check-verdict.ts'
import { fieldsToJudge } from '../../round/judging.ts'
import type { JudgedField, JudgePart } from '../../round/types.ts'
import type { Placed, RoundFile } from '../read-round.ts'
import type { Fault } from '../report.ts'
import { faultOf } from '../same.ts'
import type { FileAnswer } from './answers.ts'

/** The verdicts of a file, one for each judge of each challenge that was judged, and what is wrong with them. */
export function readVerdicts(
  { verdict }: RoundFile,
  answers: readonly FileAnswer[],
  validator: Uint8Array,
): { fields: JudgedField[]; faults: Fault[] } {
  const due = fieldsToJudge(answers.map(({ audited }) => audited))
  const fields: JudgedField[] = []
  const faults: Fault[] = []
  for (const [i, placed] of verdict.entries()) {
    const part = due[i]
    const { challenge, judge } = placed.record
    if (part === undefined || part.challenge.index !== challenge || part.judge.hotkey !== judge) {
      const who = part === undefined ? 'nobody' : `${part.judge.hotkey} on challenge ${part.challenge.index}`
      return { fields, faults: [...faults, faultOf(placed, `stands where a verdict of ${who} was due`)] }
    }
    const wrong = openingFault(placed, part, validator)
    if (wrong !== undefined) faults.push(faultOf(placed, wrong))
    fields.push({ ...part, scores: placed.record.opening?.scores })
  }
  const missing = due[verdict.length]
  if (missing !== undefined) {
    const { judge, challenge } = missing
    faults.push({
      record: 'verdict',
      why: `that of ${judge.hotkey} on challenge ${challenge.index} is missing`,
    })
  }
  return { fields, faults }
}

function openingFault(
  { record: { commit, opening, reason } }: Placed<'verdict'>,
  part: JudgePart,
  validator: Uint8Array,
): string | undefined {
  if ((opening === undefined) === (reason === ''))
    return 'has a reason why it is missing, and is not, or neither'
  if (commit === undefined) return opening === undefined ? undefined : 'was opened without a commit'
  const wrong = verdictCommitFault(part, commit)
  if (wrong !== undefined || opening === undefined) return wrong
  return verdictFault(part, validator, commit, opening)
}
