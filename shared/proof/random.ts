import { createHash } from 'node:crypto'
import { u32 } from './hash.ts'

/**
 * Uniform numbers in [0, 1) with 53 bits, the same everywhere for one seed: SHA-256 of seed ‖ counter, eight bytes a
 * number. Whoever does not know the seed can't tell them from chance.
 */
export function seededRandom(seed: Uint8Array): () => number {
  let block = Buffer.alloc(0)
  let counter = 0
  let offset = 0
  return () => {
    if (offset === block.length) {
      block = createHash('sha256').update(seed).update(u32(counter++)).digest()
      offset = 0
    }
    const bits = block.readBigUInt64LE(offset) >> 11n
    offset += 8
    return Number(bits) / 2 ** 53
  }
}
