import { publicKeyOf } from '../../../shared/chain/wallet/signer.ts'
import { caseCommit } from '../../../shared/dispute/case.ts'
import { checkRecord, type DisputeRecord } from '../../../shared/dispute/record.ts'
import { disputeVerifier } from '../../../shared/dispute/verifier.ts'
import type { Evaluate } from '../../../shared/inference/reference/evaluate.ts'
import type { Registry } from '../../../shared/inference/registry/registry.ts'
import { describeError, StarlingError } from '../../../shared/process/errors.ts'
import { equalBytes, toHex } from '../../../shared/proof/hash.ts'
import type { Finding } from '../../../shared/verify/verifier.ts'
import { claimOf, type Revealed } from '../../round/audit.ts'
import type { ExtraCheck } from '../audit-file.ts'
import type { RoundFile } from '../read-round.ts'
import { checked, type Fault } from '../report.ts'
import { faultOf } from '../same.ts'
import type { FileAnswer } from './answers.ts'

/** What a record is checked with. */
export interface DisputeParts {
  readonly registry: Registry
  readonly evaluate: Evaluate
}

/**
 * Whether what disputes settled about answers of this round is what the validator said of them: each record is heard again, and an answer
 * whose token was cleared, or condemned, must not be rejected for it, or accepted. Records about other rounds are left alone.
 */
export function disputesCheck(records: readonly DisputeRecord[], parts: DisputeParts): ExtraCheck {
  return async ({ file, answers }) => {
    const counts = { confirmed: 0, undecided: 0, others: 0 }
    const faults: Fault[] = []
    for (const record of records) {
      const answer = answers.find(({ attempt }) => isAbout(attempt, record))
      if (answer === undefined) {
        counts.others++
        continue
      }
      const finding = await settledBy(record, file, answer, parts)
      const why = typeof finding === 'string' ? finding : contradiction(finding, record, answer)
      if (why !== undefined) faults.push(faultOf(answer.placed, why, 'result'))
      else if (typeof finding === 'object' && finding.verdict !== 'inconclusive') counts.confirmed++
      else counts.undecided++
    }
    const { confirmed, undecided, others } = counts
    const detail = `${records.length} records: ${confirmed} confirm the audit, ${undecided} settle nothing, ${others} are of other rounds`
    return checked('disputes', detail, faults)
  }
}

function isAbout(attempt: FileAnswer['attempt'], { case: dispute }: DisputeRecord): boolean {
  return attempt.result === 'revealed' && equalBytes(attempt.commit.digest, caseCommit(dispute))
}

/** What the record says of the answer, or why it says nothing. */
async function settledBy(
  record: DisputeRecord,
  file: RoundFile,
  { attempt }: FileAnswer,
  { registry, evaluate }: DisputeParts,
): Promise<Finding | string> {
  const hash = toHex(record.case.model)
  const reference = registry.models.find((model) => model.hash === hash)?.reference
  if (reference === undefined) return 'is disputed in a record about a model that the registry does not hold'
  try {
    const ruling = await checkRecord(record, reference, evaluate)
    const claim = claimOf(attempt as Revealed, {
      validator: publicKeyOf(file.round.record.validator)!,
      beacon: file.beacon.record.vrf.output,
      config: file.round.record.config.round,
    })
    return await disputeVerifier([{ case: record.case, ruling }]).decide(claim, undefined)
  } catch (error) {
    if (error instanceof StarlingError)
      return `is disputed in a record that does not hold: ${describeError(error)}`
    throw error
  }
}

/** A token that is cleared clears only an answer that was rejected for that very token. */
export function contradiction(
  { verdict, reason }: Finding,
  { case: { position } }: DisputeRecord,
  { placed: { record } }: Pick<FileAnswer, 'placed'>,
): string | undefined {
  if (verdict === 'reject' && record.result === 'accept')
    return `says accept, and a dispute settled that ${reason}`
  if (verdict === 'accept' && record.result === 'reject' && rejectedToken(record.reason) === position)
    return `says reject, and a dispute settled that the model chose token ${position}`
  return undefined
}

/** The token that a replay names in its reason; see `decideReplay`. */
export function rejectedToken(reason: string): number | undefined {
  const token = /^token (\d+) lies /.exec(reason)?.[1]
  return token === undefined ? undefined : Number(token)
}
