import { type Signer, verifySignature } from '../../shared/chain/wallet/signer.ts'
import { describeError } from '../../shared/process/errors.ts'
import type { Log } from '../../shared/process/logging.ts'
import { equalBytes, toHex } from '../../shared/proof/hash.ts'
import { orderKey } from '../../shared/proof/lot.ts'
import { verdictDigest, verdictMessage } from '../../shared/proof/verdict.ts'
import type { VerdictCommit } from '../../shared/protocol/messages.ts'
import type { AskParts } from './answers.ts'
import type { AuditedAnswer, JudgedField, Participant, PlannedChallenge } from './types.ts'

export interface JudgingParts extends AskParts {
  readonly signer: Signer
  readonly log: Log
}

interface Asked {
  readonly challenge: PlannedChallenge
  readonly judge: Participant
  readonly answers: readonly AuditedAnswer[]
}

/**
 * Phase 5: shows the accepted answers of each challenge to its judges, takes all verdict commits, and only then asks for
 * the verdicts, so that no judge can echo another.
 */
export async function collectVerdicts(
  audited: readonly AuditedAnswer[],
  parts: JudgingParts,
): Promise<JudgedField[]> {
  const commits = await Promise.all(
    fieldsToJudge(audited).map(async (asked) => {
      return { asked, commit: await orUndefined(askForCommit(asked, parts), asked, parts) }
    }),
  )
  return Promise.all(
    commits.map(async ({ asked, commit }): Promise<JudgedField> => {
      const scores = commit && (await orUndefined(askForVerdict(asked, commit, parts), asked, parts))
      return { ...asked, scores }
    }),
  )
}

/** Every challenge with two accepted answers or more, once for each of its judges; the answers in the order of its lot. */
export function fieldsToJudge(audited: readonly AuditedAnswer[]): Asked[] {
  const fields = new Map<PlannedChallenge, AuditedAnswer[]>()
  for (const answer of audited) {
    if (answer.result !== 'accept') continue
    fields.set(answer.challenge, [...(fields.get(answer.challenge) ?? []), answer])
  }
  return [...fields].flatMap(([challenge, answers]) => {
    if (answers.length < 2) return []
    const shuffled = inLotOrder(answers)
    return challenge.judges.map((judge) => ({ challenge, judge, answers: shuffled }))
  })
}

function inLotOrder(answers: readonly AuditedAnswer[]): AuditedAnswer[] {
  const key = ({ challenge, miner }: AuditedAnswer) => orderKey(challenge.lot.output, miner.publicKey)
  return answers
    .map((answer) => ({ answer, key: key(answer) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ answer }) => answer)
}

async function askForCommit(
  { challenge, judge, answers }: Asked,
  parts: JudgingParts,
): Promise<VerdictCommit> {
  const commit = await judge.session.request(
    {
      type: 'judge',
      id: challenge.id,
      round: parts.round,
      prompt: challenge.prompt,
      answers: answers.map(({ text }) => text),
    },
    { timeoutMs: parts.config.judgeMs, signal: parts.signal },
  )
  const isSigned = verifySignature(
    verdictMessage(challenge.id, commit.digest),
    commit.signature,
    judge.hotkey,
  )
  if (!equalBytes(commit.id, challenge.id) || !isSigned)
    throw new Error('the verdict commit is not the judge’s')
  return commit
}

async function askForVerdict(
  { challenge, judge, answers }: Asked,
  commit: VerdictCommit,
  parts: JudgingParts,
): Promise<readonly number[]> {
  const verdict = await judge.session.request(
    { type: 'verdict-request', id: challenge.id },
    { timeoutMs: parts.config.revealMs, signal: parts.signal },
  )
  if (verdict.scores.length !== answers.length) throw new Error('the verdict does not fit the answers')
  const digest = verdictDigest({
    challenge: challenge.id,
    validator: parts.signer.publicKey,
    judge: judge.publicKey,
    scores: verdict.scores,
    salt: verdict.salt,
  })
  if (!equalBytes(digest, commit.digest)) throw new Error('the verdict does not open its commit')
  return verdict.scores
}

async function orUndefined<T>(
  promise: Promise<T>,
  asked: Asked,
  parts: JudgingParts,
): Promise<T | undefined> {
  try {
    return await promise
  } catch (error) {
    const ids = { round: parts.round, challenge: toHex(asked.challenge.id), judge: asked.judge.hotkey }
    parts.log.info({ ...ids, error: describeError(error) }, 'no verdict')
    return undefined
  }
}
