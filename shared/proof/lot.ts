import { taggedHash } from './hash.ts'

/**
 * What the validator's verifiable random function is asked for one challenge: its output decides all that neither
 * validator nor miners may choose, and its proof, published when the round settles, shows that it did.
 * @returns the bytes to prove
 */
export function lotMessage(challenge: Uint8Array): Uint8Array {
  return taggedHash('starling/lot/v1', challenge)
}

/** Seed of a challenge's prompt and of whether it is gold, from the lot's 32 bytes. */
export function promptSeed(lot: Uint8Array): Uint8Array {
  return taggedHash('starling/prompt/v1', lot)
}

/** Answers are shown to judges in the order of these bytes, so that nobody sees from its place whose an answer is. */
export function orderKey(lot: Uint8Array, miner: Uint8Array): Uint8Array {
  return taggedHash('starling/order/v1', lot, miner)
}

/** Seed of the answers that the validator gives itself as controls; theirs is the message of the round's block hash. */
export function controlSeed(lot: Uint8Array): Uint8Array {
  return taggedHash('starling/control/v1', lot)
}
