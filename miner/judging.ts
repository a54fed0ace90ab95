import { publicKeyOf, type Signer } from '../shared/chain/wallet/signer.ts'
import type { Backend, Engine, ModelInfo } from '../shared/inference/engine.ts'
import { StarlingError } from '../shared/process/errors.ts'
import { fromHex } from '../shared/proof/hash.ts'
import { type Given, questionHash, verdictDigest, verdictMessage } from '../shared/proof/verdict.ts'
import type { Judge, Verdict, VerdictCommit } from '../shared/protocol/messages.ts'
import { type AnswerJudge, cannotJudge, likelihoodJudge, promptedJudge } from './judges.ts'
import type { Pending } from './pending.ts'

export interface PendingVerdict {
  readonly committed: Promise<{ readonly commit: VerdictCommit; readonly verdict: Verdict }>
}

export interface JudgingParts {
  readonly judge: AnswerJudge
  /** The model that this miner declares. */
  readonly model: Pick<ModelInfo, 'hash' | 'executionClass'>
  readonly signer: Signer
  readonly pending: Pending<PendingVerdict>
  readonly randomBytes: (count: number) => Uint8Array
}

/** Least level of a backend whose verdicts can be replayed: below it nobody knows what its tokens were drawn by. */
const REPLAYED_LEVEL = 2

/**
 * The judge of the method that is asked for, where the backend can do it; it declines otherwise, so that validators ask others.
 * @param key the judge's public key
 */
export function judgeFor(backend: Backend & Partial<Pick<Engine, 'score'>>, key: Uint8Array): AnswerJudge {
  const { model, text, score } = backend
  const likelihood = score && likelihoodJudge({ model, text, score })
  const prompted = model.level < REPLAYED_LEVEL ? undefined : promptedJudge(backend, key)
  return async (request, signal) => {
    const judge = request.method === 'prompted' ? prompted : likelihood
    if (judge !== undefined) return judge(request, signal)
    throw cannotJudge(
      request.method === 'prompted'
        ? `nobody can replay what ${model.executionClass} writes`
        : `${model.executionClass} tells no log-probabilities of a given text`,
    )
  }
}

/** Judges, and commits to the verdict before any is revealed. @throws StarlingError BUSY, CANNOT_JUDGE, TOO_LATE */
export async function commitVerdict(
  parts: JudgingParts,
  peer: string,
  request: Judge,
  signal?: AbortSignal,
): Promise<VerdictCommit> {
  const earlier = parts.pending.get(peer, request.id)
  if (earlier !== undefined) return (await earlier.committed).commit
  if (parts.pending.isFull) {
    throw new StarlingError(
      'BUSY',
      `${parts.pending.size} verdicts wait for their reveal, and no more are taken now`,
    )
  }
  const timeout = AbortSignal.timeout(request.deadlineMs)
  const deadline = signal === undefined ? timeout : AbortSignal.any([signal, timeout])
  const committed = judgeAndCommit(parts, peer, request, deadline)
  committed.catch(() => parts.pending.delete(peer, request.id))
  parts.pending.put(peer, request.id, { committed })
  return (await committed).commit
}

/** Opens a verdict. @throws StarlingError NOT_FOUND */
export async function revealVerdict(
  pending: Pending<PendingVerdict>,
  peer: string,
  id: Uint8Array,
): Promise<Verdict> {
  const entry = pending.get(peer, id)
  if (entry === undefined) throw new StarlingError('NOT_FOUND', 'no verdict for this challenge')
  const { verdict } = await entry.committed
  pending.opened(peer, id)
  return verdict
}

async function judgeAndCommit(
  parts: JudgingParts,
  peer: string,
  request: Judge,
  deadline: AbortSignal,
): Promise<{ commit: VerdictCommit; verdict: Verdict }> {
  const { signer, model } = parts
  const given = await parts.judge(request, deadline).catch((error: unknown) => {
    if (deadline.aborted) throw new StarlingError('TOO_LATE', 'the deadline passed')
    throw error
  })
  const salt = parts.randomBytes(32)
  const digest = verdictDigest({
    challenge: request.id,
    validator: publicKeyOf(peer)!,
    judge: signer.publicKey,
    model: fromHex(model.hash),
    executionClass: model.executionClass,
    question: questionHash(request),
    given,
    salt,
  })
  const signature = signer.sign(verdictMessage(request.id, digest))
  return {
    commit: { type: 'verdict-commit', id: request.id, digest, signature },
    verdict: { type: 'verdict', id: request.id, given: copyOf(given), salt },
  }
}

/** What travels must be what was signed, whatever becomes of the judge's own lists. */
function copyOf(given: Given): Verdict['given'] {
  return given.method === 'likelihood'
    ? { method: 'likelihood', scores: [...given.scores] }
    : { method: 'prompted', verdicts: given.verdicts.map((tokens) => [...tokens]) }
}
