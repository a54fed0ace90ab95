import type { Signer } from '../../shared/chain/wallet/signer.ts'
import { describeError } from '../../shared/process/errors.ts'
import type { Log } from '../../shared/process/logging.ts'
import { equalBytes, toHex } from '../../shared/proof/hash.ts'
import { orderKey } from '../../shared/proof/lot.ts'
import type { AskParts } from './answers.ts'
import { verdictCommitFault, verdictFault } from './check-verdict.ts'
import type { AuditedAnswer, JudgedField, JudgePart, Participant, PlannedChallenge } from './types.ts'

export interface JudgingParts extends AskParts {
  readonly signer: Signer
  readonly log: Log
}

/**
 * Phase 5: shows the accepted answers of each challenge to its judges, takes all verdict commits, and only then asks for
 * the verdicts, so that no judge can echo another.
 */
export async function collectVerdicts(
  audited: readonly AuditedAnswer[],
  parts: JudgingParts,
): Promise<JudgedField[]> {
  const committed = await Promise.all(
    fieldsToJudge(audited).map((asked) => orReason(asked, parts, () => askForCommit(asked, parts))),
  )
  return Promise.all(
    committed.map((field) =>
      field.commit === undefined ? field : orReason(field, parts, () => askForVerdict(field, parts)),
    ),
  )
}

/** Every challenge with two accepted answers or more, once for each of its judges; the answers in the order of its lot. */
export function fieldsToJudge<C extends JudgedChallenge<M>, M extends JudgedMiner>(
  audited: readonly AuditedAnswer<C, M>[],
): JudgePart<C, M>[] {
  const fields = new Map<C, AuditedAnswer<C, M>[]>()
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

type JudgedMiner = Pick<Participant, 'publicKey'>
type JudgedChallenge<M> = Pick<PlannedChallenge, 'lot'> & { readonly judges: readonly M[] }

function inLotOrder<C extends JudgedChallenge<M>, M extends JudgedMiner>(
  answers: readonly AuditedAnswer<C, M>[],
): AuditedAnswer<C, M>[] {
  return answers
    .map((answer) => ({ answer, key: orderKey(answer.challenge.lot.output, answer.miner.publicKey) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ answer }) => answer)
}

async function askForCommit(asked: JudgePart, parts: JudgingParts): Promise<JudgedField> {
  const { challenge, judge, answers } = asked
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
  const wrong = equalBytes(commit.id, challenge.id)
    ? verdictCommitFault(asked, commit)
    : 'the verdict commit names another challenge'
  if (wrong !== undefined) throw new Error(wrong)
  return { ...asked, scores: undefined, commit }
}

async function askForVerdict(field: JudgedField, parts: JudgingParts): Promise<JudgedField> {
  const { challenge, judge } = field
  const { scores, salt } = await judge.session.request(
    { type: 'verdict-request', id: challenge.id },
    { timeoutMs: parts.config.revealMs, signal: parts.signal },
  )
  const wrong = verdictFault(field, parts.signer.publicKey, field.commit!, { scores, salt })
  if (wrong !== undefined) throw new Error(wrong)
  return { ...field, scores, salt }
}

/** What `ask` comes to, or the part as far as it got with the reason why no further. */
async function orReason(
  part: JudgePart,
  parts: JudgingParts,
  ask: () => Promise<JudgedField>,
): Promise<JudgedField> {
  try {
    return await ask()
  } catch (error) {
    const reason = describeError(error)
    const ids = { round: parts.round, challenge: toHex(part.challenge.id), judge: part.judge.hotkey }
    parts.log.info({ ...ids, error: reason }, 'no verdict')
    return { ...part, scores: undefined, reason }
  }
}
