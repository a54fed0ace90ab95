import { publicKeyOf, type Signer } from '../shared/chain/wallet/signer.ts'
import type { Backend, Engine } from '../shared/inference/engine.ts'
import { StarlingError } from '../shared/process/errors.ts'
import { verdictDigest, verdictMessage } from '../shared/proof/verdict.ts'
import type { Judge, Verdict, VerdictCommit } from '../shared/protocol/messages.ts'
import type { Pending } from './pending.ts'

export interface PendingVerdict {
  readonly committed: Promise<{ readonly commit: VerdictCommit; readonly verdict: Verdict }>
}

export interface JudgingParts {
  readonly judge: AnswerJudge
  readonly signer: Signer
  readonly pending: Pending<PendingVerdict>
  readonly randomBytes: (count: number) => Uint8Array
}

/** Gives every answer to a prompt one number; higher is better. */
export type AnswerJudge = (request: Judge) => Promise<number[]>

/**
 * Judges by likelihood: the mean log-probability a token that the miner's own model gives the answer. The mean, because
 * the sum would prefer whatever is shorter.
 */
export function likelihoodJudge(engine: Pick<Engine, 'model' | 'text' | 'score'>): AnswerJudge {
  return (request) => {
    const promptTokens = engine.text.encodePrompt(request.prompt)
    return Promise.all(
      request.answers.map(async (answer) => {
        const tokens = [...engine.text.encodeText(answer), engine.model.eosToken]
        const { logProb } = await engine.score({ promptTokens, tokens })
        return logProb / tokens.length
      }),
    )
  }
}

/** The likelihood judge where the backend can score; else one that declines, so that validators ask others. */
export function judgeFor({ model, text, score }: Backend & Partial<Pick<Engine, 'score'>>): AnswerJudge {
  if (score !== undefined) return likelihoodJudge({ model, text, score })
  return async () => {
    throw new StarlingError(
      'CANNOT_JUDGE',
      `${model.executionClass} tells no log-probabilities of a given text`,
    )
  }
}

/** Judges, and commits to the verdict before any is revealed. @throws StarlingError BUSY */
export async function commitVerdict(
  parts: JudgingParts,
  peer: string,
  request: Judge,
): Promise<VerdictCommit> {
  const earlier = parts.pending.get(peer, request.id)
  if (earlier !== undefined) return (await earlier.committed).commit
  const committed = judgeAndCommit(parts, peer, request)
  committed.catch(() => parts.pending.delete(peer, request.id))
  if (!parts.pending.put(peer, request.id, { committed })) {
    throw new StarlingError('BUSY', `${parts.pending.size} verdicts are waiting for their reveal`)
  }
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
  return (await entry.committed).verdict
}

async function judgeAndCommit(
  parts: JudgingParts,
  peer: string,
  request: Judge,
): Promise<{ commit: VerdictCommit; verdict: Verdict }> {
  const { signer } = parts
  const scores = await parts.judge(request)
  const salt = parts.randomBytes(32)
  const digest = verdictDigest({
    challenge: request.id,
    validator: publicKeyOf(peer)!,
    judge: signer.publicKey,
    scores,
    salt,
  })
  const signature = signer.sign(verdictMessage(request.id, digest))
  return {
    commit: { type: 'verdict-commit', id: request.id, digest, signature },
    verdict: { type: 'verdict', id: request.id, scores, salt },
  }
}
