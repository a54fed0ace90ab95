import { verifySignature } from '../../../shared/chain/wallet/signer.ts'
import { commitsRoot } from '../../../shared/proof/beacon.ts'
import { commitMessage } from '../../../shared/proof/commit.ts'
import { equalBytes, fromHex } from '../../../shared/proof/hash.ts'
import type { Attempt, AuditedAnswer, Part, PlannedChallenge } from '../../round/types.ts'
import type { RecordOf } from '../../transcript/records.ts'
import type { Placed, RoundFile } from '../read-round.ts'
import type { Fault } from '../report.ts'
import { faultOf } from '../same.ts'

/** An answer of a file: what the miner sent, and what the validator said of it. */
export interface FileAnswer {
  readonly placed: Placed<'answer'>
  readonly attempt: Attempt
  readonly audited: AuditedAnswer
}

/** The answers of a file, one for each answerer of each challenge, and what is wrong with them. */
export function readAnswers(
  { answer }: RoundFile,
  challenges: readonly PlannedChallenge[],
): { answers: FileAnswer[]; faults: Fault[] } {
  const due = challenges.flatMap((challenge) => challenge.answerers.map((miner) => ({ challenge, miner })))
  const answers: FileAnswer[] = []
  const faults: Fault[] = []
  for (const [i, placed] of answer.entries()) {
    const part = due[i]
    const { challenge, hotkey } = placed.record
    if (part === undefined || part.challenge.index !== challenge || part.miner.hotkey !== hotkey) {
      const who = part === undefined ? 'nobody' : `${part.miner.hotkey} to challenge ${part.challenge.index}`
      return { answers, faults: [...faults, faultOf(placed, `stands where an answer of ${who} was due`)] }
    }
    const wrong = shapeFault(placed.record)
    if (wrong === undefined) answers.push({ placed, ...answerOf(placed.record, part) })
    else faults.push(faultOf(placed, wrong))
  }
  const missing = due[answer.length]
  if (missing !== undefined) {
    const { challenge, miner } = missing
    faults.push({
      record: 'answer',
      why: `that of ${miner.hotkey} to challenge ${challenge.index} is missing`,
    })
  }
  return { answers, faults }
}

/** Commits are signed by their miners, and together they are what the beacon was asked for. */
export function commitFaults(answers: readonly FileAnswer[], { beacon }: RoundFile): Fault[] {
  const faults: Fault[] = []
  const digests: Uint8Array[] = []
  for (const { placed, attempt } of answers) {
    if (!('commit' in attempt)) continue
    const { digest, signature } = attempt.commit
    digests.push(digest)
    if (!verifySignature(commitMessage(attempt.challenge.id, digest), signature, attempt.miner.hotkey))
      faults.push(faultOf(placed, 'is not signed by the miner', 'commit.signature'))
  }
  if (!equalBytes(commitsRoot(digests), beacon.record.commits))
    faults.push(faultOf(beacon, 'is not the root over the commits of this file', 'commits'))
  return faults
}

/** Which parts an answer of that result has. */
function shapeFault({ result, reason, commit, reveal }: RecordOf<'answer'>): string | undefined {
  const isAudited = result === 'accept' || result === 'reject' || result === 'inconclusive'
  if (isAudited && reveal === undefined) return `is ${result}, and nothing was revealed`
  if (!isAudited && reveal !== undefined) return `is ${result}, and was revealed`
  if (reveal !== undefined && commit === undefined) return 'was revealed without a commit'
  if (result === 'refused' && commit !== undefined) return 'was refused after a commit'
  if ((result === 'accept') !== (reason === '')) return `is ${result} for the reason “${reason}”`
  return undefined
}

function answerOf(record: RecordOf<'answer'>, part: Part): Pick<FileAnswer, 'attempt' | 'audited'> {
  const { result, reason, surprise, correct, evidence, findings, commit, reveal, simhash } = record
  const { id } = part.challenge
  const sent = commit && {
    commit: { type: 'commit' as const, id, digest: commit.digest, signature: commit.signature },
    milliseconds: commit.milliseconds,
  }
  const said = {
    ...{ ...part, result, reason, surprise, findings },
    ...(correct !== undefined && { correct }),
    ...(evidence !== undefined && { evidence }),
    ...(simhash !== undefined && { simhash }),
  }
  if (sent !== undefined && reveal !== undefined) {
    const { tokens, text } = reveal
    const { executionClass, hash } = part.miner.model
    const declared = { executionClass, model: fromHex(hash) }
    return {
      attempt: { ...part, ...sent, result: 'revealed', reveal: { type: 'reveal', ...reveal, ...declared } },
      audited: { ...said, text, tokens: tokens.length, milliseconds: sent.milliseconds },
    }
  }
  const missing = { result: result === 'refused' ? ('refused' as const) : ('missed' as const), reason }
  return {
    attempt: { ...part, ...sent, ...missing },
    audited: { ...said, text: '', tokens: 0, milliseconds: 0 },
  }
}
