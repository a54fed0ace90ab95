import { taggedHash, u32 } from './hash.ts'

/** What a judge commits to before it sees anybody's verdict. Keys, ids and salts are 32 bytes. */
export interface VerdictOpening {
  readonly challenge: Uint8Array
  readonly validator: Uint8Array
  readonly judge: Uint8Array
  /** One number an answer, in the order in which the answers were shown. */
  readonly scores: readonly number[]
  readonly salt: Uint8Array
}

/** H(tag ‖ challengeId ‖ validator ‖ judge ‖ count ‖ scores as f64 little-endian ‖ salt), 32 bytes. */
export function verdictDigest(opening: VerdictOpening): Uint8Array {
  const scores = new Uint8Array(opening.scores.length * 8)
  const view = new DataView(scores.buffer)
  for (const [i, score] of opening.scores.entries()) view.setFloat64(i * 8, score, true)
  return taggedHash(
    'starling/verdict/v1',
    opening.challenge,
    opening.validator,
    opening.judge,
    u32(opening.scores.length),
    scores,
    opening.salt,
  )
}

/** The bytes that a judge signs to stand by a verdict. */
export function verdictMessage(challenge: Uint8Array, digest: Uint8Array): Uint8Array {
  return taggedHash('starling/verdict-signature/v1', challenge, digest)
}
