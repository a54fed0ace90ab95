import { hashText, taggedHash, u32 } from '../hash.ts'

/** Who plants wrong answers, how often, and by which secret: nobody else can tell which answers they are. */
export interface Plants {
  /** 32 bytes. */
  readonly secret: Uint8Array
  /** ss58 of the miner. */
  readonly hotkey: string
  /** Share of its answers that are wrong on purpose. */
  readonly rate: number
}

/** The most that may be planted: more would say less about validators, and more about the planter. */
export const MOST_PLANTED = 0.2

const WORD = 2 ** 32

/**
 * H(tag ‖ secret ‖ H(hotkey) ‖ rate in millionths), 32 bytes: published before the first planted answer, it binds all of them. It
 * names no hotkey, so whoever sees it does not know whose answers to look at.
 */
export function plantsCommitment({ secret, hotkey, rate }: Plants): Uint8Array {
  return taggedHash('starling/plants/v1', secret, hashText(hotkey), u32(Math.round(rate * 1e6)))
}

/** Whether this challenge is answered wrongly. */
export function isPlanted(plants: Plants, challenge: Uint8Array): boolean {
  return wordsOf(plants, challenge).chance < plants.rate
}

/** Which token of an answer is the wrong one. @param tokens of the right answer, 1 or more */
export function plantPosition(plants: Plants, challenge: Uint8Array, tokens: number): number {
  return Math.floor(wordsOf(plants, challenge).place * tokens)
}

/** Two uniform numbers in [0, 1) from H(tag ‖ secret ‖ H(hotkey) ‖ challenge id), u32 little-endian each. */
function wordsOf({ secret, hotkey }: Plants, challenge: Uint8Array): { chance: number; place: number } {
  const digest = taggedHash('starling/plant/v1', secret, hashText(hotkey), challenge)
  const view = new DataView(digest.buffer)
  return { chance: view.getUint32(0, true) / WORD, place: view.getUint32(4, true) / WORD }
}
