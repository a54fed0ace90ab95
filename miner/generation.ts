import { publicKeyOf, type Signer } from '../shared/chain/wallet/signer.ts'
import type { ModelInfo } from '../shared/inference/engine.ts'
import { hasCode, StarlingError } from '../shared/process/errors.ts'
import { answerRoot, committedRoot, leafCount, sketchRoot } from '../shared/proof/answer-root.ts'
import { commitDigest, commitMessage } from '../shared/proof/commit.ts'
import { equalBytes, fromHex } from '../shared/proof/hash.ts'
import { openedLeaves, openLeaves } from '../shared/proof/sketch/opening.ts'
import type { Challenge, Commit, Reveal, RevealRequest } from '../shared/protocol/messages.ts'
import type { Answer, Answerer } from './answerer.ts'
import type { Pending } from './pending.ts'

export interface PendingAnswer {
  readonly prompt: string
  readonly committed: Promise<Committed>
}

/** An answer, what was signed for it, and what opens that. */
interface Committed {
  readonly answer: Answer
  readonly commit: Commit
  readonly salt: Uint8Array
  /** `sketchRoot`, where the answer has sketches. */
  readonly treeRoot: Uint8Array | undefined
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
  if (pending.isFull) {
    throw new StarlingError(
      'BUSY',
      `${pending.size} answers wait for their reveal, and no more are taken now`,
    )
  }
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(challenge.deadlineMs)])
  const committed = answerAndCommit(parts, peer, challenge, deadline)
  // A challenge that failed is forgotten, so that the validator may ask again.
  committed.catch(() => pending.delete(peer, challenge.id))
  pending.put(peer, challenge.id, { prompt: challenge.prompt, committed })
  return (await committed).commit
}

/** Opens a commit, and the leaves that the beacon asks for. @throws StarlingError NOT_FOUND */
export async function revealAnswer(
  { model, pending }: Pick<GenerationParts, 'model' | 'pending'>,
  peer: string,
  { id, beacon }: RevealRequest,
): Promise<Reveal> {
  const entry = pending.get(peer, id)
  if (entry === undefined) throw new StarlingError('NOT_FOUND', 'no commit for this challenge')
  const { answer, commit, salt, treeRoot } = await entry.committed
  pending.opened(peer, id)
  const tokens = [...answer.tokens]
  const asked = openedLeaves(beacon, commit.digest, leafCount(tokens.length))
  return {
    type: 'reveal',
    id,
    tokens,
    text: answer.text,
    salt,
    openings: treeRoot === undefined ? [] : wireOpenings(answer, asked),
    finish: answer.finish,
    executionClass: model.executionClass,
    model: fromHex(model.hash),
  }
}

function wireOpenings({ tokens, sketches }: Answer, asked: readonly number[]) {
  return openLeaves(tokens, sketches!, asked).map(({ path, ...opening }) => ({ ...opening, path: [...path] }))
}

async function answerAndCommit(
  parts: GenerationParts,
  peer: string,
  challenge: Challenge,
  signal: AbortSignal,
): Promise<Committed> {
  const { model, signer } = parts
  const answer = await parts.answerer(challenge, signal).catch((error: unknown) => {
    if (hasCode(error, 'REQUEST_ABORTED')) throw new StarlingError('TOO_LATE', 'the deadline passed')
    throw error
  })
  const { tokens, sketches } = answer
  const treeRoot = sketches && sketchRoot(tokens, sketches)
  const root = treeRoot === undefined ? answerRoot(tokens) : committedRoot(tokens, treeRoot)
  const salt = parts.randomBytes(32)
  const digest = commitDigest({
    challenge: challenge.id,
    validator: publicKeyOf(peer)!,
    miner: signer.publicKey,
    model: fromHex(model.hash),
    executionClass: model.executionClass,
    count: tokens.length,
    finish: answer.finish,
    root,
    salt,
  })
  const signature = signer.sign(commitMessage(challenge.id, digest))
  return { answer, commit: { type: 'commit', id: challenge.id, digest, signature }, salt, treeRoot }
}
