import { toHex } from '../../../shared/proof/hash.ts'
import { checkPlants, type PublishedAnswer } from '../../../shared/proof/plants/check-plants.ts'
import { type Plants, plantsCommitment } from '../../../shared/proof/plants/plants.ts'
import type { ExtraCheck } from '../audit-file.ts'
import { type Check, checked, type Fault } from '../report.ts'
import { faultOf } from '../same.ts'
import type { FileAnswer } from './answers.ts'

/**
 * Whether the validator let wrong answers pass that somebody planted. An answer that was accepted, and that a replay here finds
 * right, was not planted after all, and is held against nobody.
 */
export function plantsCheck(plants: Plants): ExtraCheck {
  return ({ answers, checks }) => {
    const ownOf = ownVerdicts(checks)
    const published = answers.map((answer): PublishedAnswer & { placed: FileAnswer['placed'] } => {
      const { hotkey, result } = answer.placed.record
      const challenge = answer.audited.challenge.id
      return { challenge, hotkey, result, own: ownOf(answer), placed: answer.placed }
    })
    const { planted, rejected, right } = checkPlants(plants, published)
    const passed = published.filter((answer) => checkPlants(plants, [answer]).accepted > 0)
    const known = checks.some(({ name, status }) => name === 'audit' && status !== 'skipped')
    const notes = [
      `${planted} planted, ${passed.length} accepted, ${rejected} rejected`,
      ...(right > 0 ? [`${right} are right after all`] : []),
      ...(known ? [] : ['that they are wrong is the planter’s word, as no model was run']),
      `by the secret that was committed to as ${toHex(plantsCommitment(plants))}`,
    ]
    const faults = passed.map(({ placed }): Fault => faultOf(placed, 'is wrong on purpose, and was accepted'))
    return checked('plants', notes.join('; '), faults)
  }
}

/** What this audit makes of an answer: what the file says, unless it found otherwise; nothing where no model was run. */
function ownVerdicts(checks: readonly Check[]): (answer: FileAnswer) => PublishedAnswer['own'] {
  const audit = checks.find(({ name }) => name === 'audit')
  if (audit === undefined || audit.status === 'skipped') return () => undefined
  const others = new Set(audit.faults.filter(({ field }) => field === 'result').map(({ line }) => line))
  return ({ placed: { line, record } }) => {
    const { result } = record
    if (result === 'missed' || result === 'refused') return undefined
    if (!others.has(line)) return result
    return result === 'accept' ? 'reject' : 'inconclusive'
  }
}
