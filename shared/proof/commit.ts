import { hashText, taggedHash, u32 } from './hash.ts'

export type Finish = 'stop' | 'length'

/** Everything that a commit binds. Keys, hashes and salts are 32 bytes. */
export interface CommitOpening {
  readonly challenge: Uint8Array
  readonly validator: Uint8Array
  readonly miner: Uint8Array
  readonly model: Uint8Array
  readonly executionClass: string
  /** Number of tokens. */
  readonly count: number
  readonly finish: Finish
  /** `answerRoot` of the tokens. */
  readonly root: Uint8Array
  readonly salt: Uint8Array
}

/**
 * H(tag ‖ challengeId ‖ validator ‖ miner ‖ model ‖ H(class) ‖ count ‖ finish ‖ root ‖ salt), 32 bytes. It names both
 * parties, so one miner's commit is worthless to another; the salt keeps a short answer from being guessed.
 */
export function commitDigest(opening: CommitOpening): Uint8Array {
  return taggedHash(
    'starling/commit/v1',
    opening.challenge,
    opening.validator,
    opening.miner,
    opening.model,
    hashText(opening.executionClass),
    u32(opening.count),
    Uint8Array.of(opening.finish === 'stop' ? 1 : 0),
    opening.root,
    opening.salt,
  )
}

/** The bytes that a miner signs to stand by a commit. */
export function commitMessage(challenge: Uint8Array, digest: Uint8Array): Uint8Array {
  return taggedHash('starling/commit-signature/v1', challenge, digest)
}
