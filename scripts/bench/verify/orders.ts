import { below, type Random, seededRandom } from '../../../shared/inference/random.ts'
import { makeTask } from '../../../shared/inference/tasks/make-task.ts'
import type { RoundConfig } from '../../../validator/config.ts'
import { promptFor } from '../../../validator/round/prompts.ts'

/** One challenge, with all that chance decides about it. */
export interface Order {
  /** Of the challenge, 32 bytes. */
  readonly id: Uint8Array
  readonly prompt: string
  /** 32 bytes, which the miner sees with the request to reveal. */
  readonly beacon: Uint8Array
  /** Seed of the commit's salt. */
  readonly salt: number
}

/** Every so many orders has a long prompt, so that late positions get answers too. */
const LONG_EVERY = 5
/** Tokens that a codec puts around a prompt, and a cheat before it, at most. */
const MARKS = 64

/**
 * Challenges as a validator draws them, each under a fresh id and with a fresh beacon; every fifth has other tasks before its own,
 * up to what the context holds.
 */
export function makeOrders(seed: number, count: number, config: RoundConfig, contextLength: number): Order[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, (_, index) => {
    const { prompt } = promptFor(bytes32(random), config)
    // An answer that ends with the context, before its budget does, is no answer that was asked for.
    const room = below(random, contextLength - config.maxTokens - MARKS)
    return {
      id: bytes32(random),
      prompt: index % LONG_EVERY === 0 ? lengthened(random, prompt, room) : prompt,
      beacon: bytes32(random),
      salt: below(random, 2 ** 32),
    }
  })
}

/** Other prompts before this one, as far as they fit into `room` characters, all of which are ASCII. */
function lengthened(random: Random, prompt: string, room: number): string {
  let longer = prompt
  for (;;) {
    const next = `${makeTask(random).prompt} ${longer}`
    if (next.length > room) return longer
    longer = next
  }
}

export function bytes32(random: Random): Uint8Array {
  return Uint8Array.from({ length: 32 }, () => below(random, 256))
}
