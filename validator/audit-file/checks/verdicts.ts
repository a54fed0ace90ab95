import { verifyVrf } from '../../../shared/chain/wallet/signer.ts'
import { verdictLotMessage } from '../../../shared/judging/replay-lot.ts'
import type { Given } from '../../../shared/proof/verdict.ts'
import { verdictCommitFault, verdictFault } from '../../round/check-verdict.ts'
import { fieldsToJudge } from '../../round/judge-parts.ts'
import { replayShares } from '../../round/rank-answers.ts'
import { replayedOf } from '../../round/replay-verdicts.ts'
import type { JudgedField, JudgePart, OpenedVerdicts } from '../../round/types.ts'
import type { RecordOf } from '../../transcript/records.ts'
import { judgedRecord } from '../../transcript/round-records.ts'
import type { Placed, RoundFile } from '../read-round.ts'
import type { Fault } from '../report.ts'
import { faultOf, recordFaults } from '../same.ts'
import type { FileAnswer } from './answers.ts'

/** What a judge gave, as the file says. */
export interface FileVerdict {
  readonly placed: Placed<'verdict'>
  readonly field: JudgedField
}

/** The verdicts of a file, one for each judge of each challenge that was judged, and what is wrong with them. */
export function readVerdicts(
  file: RoundFile,
  answers: readonly FileAnswer[],
  validator: Uint8Array,
): { verdicts: FileVerdict[]; faults: Fault[] } {
  const { parts: due, faults } = readParts(file, answers)
  const verdicts: FileVerdict[] = []
  if (faults.length > 0) return { verdicts, faults }
  for (const [i, placed] of file.verdict.entries()) {
    const part = due[i]
    const { challenge, judge } = placed.record
    if (part === undefined || part.challenge.index !== challenge || part.judge.hotkey !== judge) {
      const who = part === undefined ? 'nobody' : `${part.judge.hotkey} on challenge ${part.challenge.index}`
      return { verdicts, faults: [...faults, faultOf(placed, `stands where a verdict of ${who} was due`)] }
    }
    const wrong = openingFault(placed, part, validator, file)
    if (wrong !== undefined) faults.push(faultOf(placed, wrong))
    verdicts.push({ placed, field: fieldOf(part, placed.record) })
  }
  const missing = due[file.verdict.length]
  if (missing !== undefined) {
    const { judge, challenge } = missing
    faults.push({
      record: 'verdict',
      why: `that of ${judge.hotkey} on challenge ${challenge.index} is missing`,
    })
  }
  return { verdicts, faults }
}

/** What there was to judge, by the answers and lots of the file: which pairs, which replays, and what was planted. */
function readParts(
  { judged, round }: RoundFile,
  answers: readonly FileAnswer[],
): { parts: JudgePart[]; faults: Fault[] } {
  const faults: Fault[] = []
  let drawn = 0
  const parts = fieldsToJudge(
    answers.map(({ audited }) => audited),
    round.record.config.round,
    ({ id, index }) => {
      const placed = judged[drawn++]
      if (placed === undefined) {
        faults.push({ record: 'judged', why: `that of challenge ${index} is missing` })
        return { output: new Uint8Array(32), proof: new Uint8Array(64) }
      }
      const { lot } = placed.record
      if (!verifyVrf(verdictLotMessage(id), lot, round.record.validator))
        faults.push(faultOf(placed, 'is not what the validator’s key draws for this challenge', 'lot'))
      return lot
    },
  )
  const first = [...new Map(parts.map((part) => [part.challenge, part])).values()]
  for (const [i, placed] of judged.entries()) {
    const part = first[i]
    if (part === undefined) faults.push(faultOf(placed, 'had nothing to judge'))
    else faults.push(...recordFaults(placed, judgedRecord(part)))
  }
  return { parts, faults }
}

function openingFault(
  { record: { commit, opening, reason } }: Placed<'verdict'>,
  part: JudgePart,
  validator: Uint8Array,
  { round, book }: RoundFile,
): string | undefined {
  if ((opening === undefined) === (reason === ''))
    return 'has a reason why it is missing, and is not, or neither'
  if (commit === undefined) return opening === undefined ? undefined : 'was opened without a commit'
  const wrong = verdictCommitFault(part, commit)
  if (wrong !== undefined || opening === undefined) return wrong
  const { round: config, scoring } = round.record.config
  const given = givenIn(opening)
  const misfit = verdictFault(part, validator, config, commit, { given, salt: opening.salt }, undefined)
  if (misfit !== undefined) return misfit
  if (!isReadWhole(opening, part)) return 'does not say what each verdict names'
  const share = replayShares(
    book.record.book,
    config,
    scoring,
  )(part.judge.hotkey, part.challenge.gold !== undefined)
  const due = replayedOf(part, given, share)
  const replayed = opening.replays.map(({ verdict }) => verdict)
  return replayed.join() === due.join()
    ? undefined
    : `verdicts ${replayed.join(', ') || 'none'} were replayed, and the lot draws ${due.join(', ') || 'none'}`
}

/** One letter a verdict, and what the answers settle where nobody was asked. */
function isReadWhole(opening: Opening, { slots }: JudgePart): boolean {
  if (opening.method === 'likelihood') return true
  if (opening.read.length !== slots.length) return false
  return slots.every(({ prompt, settled }, k) => prompt !== undefined || opening.read[k] === settled)
}

type Opening = NonNullable<RecordOf<'verdict'>['opening']>

function fieldOf(part: JudgePart, { opening, reason }: RecordOf<'verdict'>): JudgedField {
  return opening === undefined ? { ...part, reason } : { ...part, opening: openedIn(opening) }
}

function openedIn(opening: Opening): OpenedVerdicts {
  const read = opening.method === 'prompted' ? opening.read : []
  return { given: givenIn(opening), salt: opening.salt, read, replays: opening.replays }
}

function givenIn(opening: Opening): Given {
  return opening.method === 'prompted'
    ? { method: 'prompted', verdicts: opening.verdicts }
    : { method: 'likelihood', scores: opening.scores }
}
