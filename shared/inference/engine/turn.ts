/**
 * Positions of a prompt that are read at once. Its chunks always end at multiples of this, so how a prompt is split, and with
 * it the last bits of what is computed, never depends on what else there is to do.
 */
export const CHUNK = 256

/** Padded tokens that one turn reads at most, so that running answers wait no longer than that. */
export const TOKENS_PER_TURN = 512

/** The next tokens of a prompt of which the first `read` have been read. */
export function nextChunk(prompt: readonly number[], read: number): readonly number[] {
  const boundary = (Math.floor(read / CHUNK) + 1) * CHUNK
  return prompt.slice(read, boundary)
}

/** As many of what waits as one turn can read padded to one length, in order; always the first, however long. */
export function takeGroup<Item>(waiting: readonly Item[], lengthOf: (item: Item) => number): Item[] {
  const group: Item[] = []
  let longest = 0
  for (const item of waiting) {
    const padded = Math.max(longest, lengthOf(item)) * (group.length + 1)
    if (group.length > 0 && padded > TOKENS_PER_TURN) continue
    group.push(item)
    longest = Math.max(longest, lengthOf(item))
  }
  return group
}
