import { fromHex, taggedHash, u32 } from './hash.ts'

export interface ChallengePlace {
  /** Identifies the chain, 0x + 64 hex. */
  readonly chainMarker: string
  readonly netuid: number
  /** The validator's public key, 32 bytes. */
  readonly validator: Uint8Array
  /** Hash of the block that opened the round, 0x + 64 hex. */
  readonly blockHash: string
  /** Place in the round, from 0 without gaps. */
  readonly index: number
}

/**
 * Identifies one challenge: H(tag ‖ chain marker ‖ netuid ‖ validator ‖ hash of the round's block ‖ index), 32 bytes.
 * Nobody can pick it: the block hash is not known before the round and the indices have no gaps.
 */
export function challengeId(place: ChallengePlace): Uint8Array {
  return taggedHash(
    'starling/challenge/v1',
    fromHex(place.chainMarker),
    u32(place.netuid),
    place.validator,
    fromHex(place.blockHash),
    u32(place.index),
  )
}

/**
 * The personal seed under which a miner samples its answer to a challenge, or a judge its verdict: 32 bytes that differ
 * for every hotkey, so that somebody else's answer does not replay under one's own key.
 */
export function personalSeed(challenge: Uint8Array, hotkey: Uint8Array): Uint8Array {
  return taggedHash('starling/seed/v1', challenge, hotkey)
}
