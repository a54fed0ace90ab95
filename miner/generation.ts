import { publicKeyOf, type Signer } from '../shared/chain/wallet/signer.ts'
import type { ModelInfo } from '../shared/inference/engine.ts'
import { hasCode, StarlingError } from '../shared/process/errors.ts'
import { answerRoot } from '../shared/proof/answer-root.ts'
import { commitDigest, commitMessage } from '../shared/proof/commit.ts'
import { equalBytes, fromHex } from '../shared/proof/hash.ts'
import type { Challenge, Commit, Reveal } from '../shared/protocol/messages.ts'
import type { Answerer } from './answerer.ts'
import type { Pending } from './pending.ts'

export interface PendingAnswer {
  readonly prompt: string
  /** Both arrive together, once the answer has been generated. */
  readonly committed: Promise<{ readonly commit: Commit; readonly reveal: Reveal }>
}

export interface GenerationParts {
  readonly answerer: Answerer
  /** The model that this miner declares. */
  readonly model: ModelInfo
  readonly signer: Signer
  readonly pending: Pending<PendingAnswer>
  /** Cryptographically strong bytes. */
  readonly randomBytes: (count: number) => Uint8Array
}

/**
 * Answers a challenge and commits to the answer. A repeated challenge gets the first commit again, so a lost reply costs
 * nothing; another prompt under the same id is refused.
 * @throws StarlingError UNKNOWN_MODEL, BAD_REQUEST, BUSY, TOO_LATE
 */
export async function commitAnswer(
  parts: GenerationParts,
  peer: string,
  challenge: Challenge,
  signal: AbortSignal,
): Promise<Commit> {
  const { model, pending } = parts
  if (!equalBytes(challenge.model, fromHex(model.hash))) {
    throw new StarlingError('UNKNOWN_MODEL', `this miner runs ${model.name}, ${model.hash}`)
  }
  const earlier = pending.get(peer, challenge.id)
  if (earlier !== undefined) {
    if (earlier.prompt !== challenge.prompt) {
      throw new StarlingError('BAD_REQUEST', 'this challenge id came with another prompt before')
    }
    return (await earlier.committed).commit
  }
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(challenge.deadlineMs)])
  const committed = answerAndCommit(parts, peer, challenge, deadline)
  // A challenge that failed is forgotten, so that the validator may ask again.
  committed.catch(() => pending.delete(peer, challenge.id))
  if (!pending.put(peer, challenge.id, { prompt: challenge.prompt, committed })) {
    throw new StarlingError('BUSY', `${pending.size} answers are waiting for their reveal`)
  }
  return (await committed).commit
}

/** Opens a commit. @throws StarlingError NOT_FOUND */
export async function revealAnswer(
  pending: Pending<PendingAnswer>,
  peer: string,
  id: Uint8Array,
): Promise<Reveal> {
  const entry = pending.get(peer, id)
  if (entry === undefined) throw new StarlingError('NOT_FOUND', 'no commit for this challenge')
  return (await entry.committed).reveal
}

async function answerAndCommit(
  parts: GenerationParts,
  peer: string,
  challenge: Challenge,
  signal: AbortSignal,
): Promise<{ commit: Commit; reveal: Reveal }> {
  const { model, signer } = parts
  const answer = await parts.answerer(challenge, signal).catch((error: unknown) => {
    if (hasCode(error, 'REQUEST_ABORTED')) throw new StarlingError('TOO_LATE', 'the deadline passed')
    throw error
  })
  const root = answerRoot(answer.tokens)
  const salt = parts.randomBytes(32)
  const digest = commitDigest({
    challenge: challenge.id,
    validator: publicKeyOf(peer)!,
    miner: signer.publicKey,
    model: fromHex(model.hash),
    executionClass: model.executionClass,
    count: answer.tokens.length,
    finish: answer.finish,
    root,
    salt,
  })
  const signature = signer.sign(commitMessage(challenge.id, digest))
  return {
    commit: { type: 'commit', id: challenge.id, digest, signature },
    reveal: {
      type: 'reveal',
      id: challenge.id,
      tokens: [...answer.tokens],
      text: answer.text,
      root,
      salt,
      finish: answer.finish,
      executionClass: model.executionClass,
      model: fromHex(model.hash),
    },
  }
}
