import { createHash } from 'node:crypto'
import { StarlingError } from '../process/errors.ts'

/** A registered miner as role assignment sees it. */
export interface RoleCandidate {
  readonly hotkey: string
  /** The hotkey's 32-byte public key. */
  readonly publicKey: Uint8Array
}

/** Who does what for one challenge; both lists are hotkeys in the order of their digests, and share nobody. */
export interface Roles {
  readonly answerers: string[]
  readonly judges: string[]
  /** False when the groups are too small for a ranking: then only truth and verification score the challenge. */
  readonly rankable: boolean
}

/** Up to this many miners the groups are evened out; with more, chance does it well enough. */
export const EVENED_UP_TO = 12
export const MIN_ANSWERERS = 3
export const MIN_JUDGES = 2

/**
 * Splits the miners into answerers and judges for one challenge, so that nobody judges a question that it answers.
 *
 * A miner answers if the last bit of sha256(challengeId ‖ publicKey) is 0, and judges if it is 1 (Fortytwo's parity rule). With
 * at most 12 miners, half of them answer, rounded up, and the rest judge: as long as a group is too large, its member with the
 * lowest digest moves. The digest decides who moves, so nobody can choose a role, and the input's order does not matter.
 *
 * @throws StarlingError DUPLICATE_HOTKEY when two candidates have one public key
 */
export function assignRoles(challengeId: Uint8Array, candidates: readonly RoleCandidate[]): Roles {
  const drawn = candidates
    .map(({ hotkey, publicKey }) => ({ hotkey, digest: digestOf(challengeId, publicKey) }))
    .sort((one, other) => Buffer.compare(one.digest, other.digest))
  rejectDuplicates(drawn)
  const answering = new Set(drawn.filter(({ digest }) => (digest[31]! & 1) === 0))
  if (drawn.length <= EVENED_UP_TO) {
    const wanted = Math.ceil(drawn.length / 2)
    for (const miner of drawn) {
      if (answering.size > wanted && answering.has(miner)) answering.delete(miner)
      else if (answering.size < wanted && !answering.has(miner)) answering.add(miner)
    }
  }
  const answerers = drawn.filter((miner) => answering.has(miner)).map(({ hotkey }) => hotkey)
  const judges = drawn.filter((miner) => !answering.has(miner)).map(({ hotkey }) => hotkey)
  return { answerers, judges, rankable: answerers.length >= MIN_ANSWERERS && judges.length >= MIN_JUDGES }
}

function digestOf(challengeId: Uint8Array, publicKey: Uint8Array): Buffer {
  return createHash('sha256').update(challengeId).update(publicKey).digest()
}

function rejectDuplicates(sorted: readonly { hotkey: string; digest: Buffer }[]): void {
  const twice = sorted.find((miner, at) => at > 0 && miner.digest.equals(sorted[at - 1]!.digest))
  if (twice === undefined) return
  throw new StarlingError(
    'DUPLICATE_HOTKEY',
    `hotkey ${twice.hotkey} takes part twice`,
    'list each registered public key once',
  )
}
