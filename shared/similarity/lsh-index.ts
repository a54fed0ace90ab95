import { SIMHASH_BITS } from './simhash.ts'

/** Bands that find every pair that differs in fewer bits than there are of them; see `bandsFor`. */
const FEWEST_BANDS = 64
const MOST_BANDS = 256

/**
 * How many bands find pairs that differ in up to `bits` bits: the least power of two from 64 to 256 above that. As differing bits
 * lie in at most as many bands, one band is equal in every such pair, up to 255 bits; beyond, pairs are missed as `bandingRecall`
 * says.
 */
export function bandsFor(bits: number): number {
  let bands = FEWEST_BANDS
  while (bands <= bits && bands < MOST_BANDS) bands *= 2
  return bands
}

/**
 * Probability that two vectors become a candidate pair, by the share p of bits in which they differ in expectation: of `bands` bands of
 * r = 1,024/bands bits at least one is equal, 1 − (1 − (1−p)^r)^bands. An S-curve with its steep part about
 * p = 1 − (1/bands)^(1/r): .23 for 64 bands of 16 bits, .45 for 128 of 8, .75 for 256 of 4.
 */
export function bandingRecall(p: number, bands: number): number {
  return 1 - (1 - (1 - p) ** (SIMHASH_BITS / bands)) ** bands
}

/**
 * Pairs of hashes that are equal in at least one band (Indyk and Motwani, STOC 1998), each once as [i, j] with i < j, in order. What
 * lies in one bucket of a band is a pair; whoever wants near ones alone looks at their distance.
 * @param hashes SimHashes of 1,024 bits
 * @param bands a power of two, at most 256: bands are 32, 16, 8 or 4 bits wide
 */
export function candidatePairs(hashes: readonly Uint8Array[], bands: number): [number, number][] {
  const width = SIMHASH_BITS / bands
  const pairs = new Set<number>()
  for (let band = 0; band < bands; band++) {
    const buckets = new Map<number, number[]>()
    for (const [i, hash] of hashes.entries()) {
      const key = bitsOf(hash, band * width, width)
      const bucket = buckets.get(key)
      if (bucket === undefined) {
        buckets.set(key, [i])
        continue
      }
      for (const earlier of bucket) pairs.add(earlier * hashes.length + i)
      bucket.push(i)
    }
  }
  return [...pairs]
    .sort((a, b) => a - b)
    .map((pair) => [Math.floor(pair / hashes.length), pair % hashes.length])
}

/** Bits from `start` on, `width` of them: a divisor of 8, or whole bytes. */
function bitsOf(hash: Uint8Array, start: number, width: number): number {
  const at = start >> 3
  if (width < 8) return (hash[at]! >> (start & 7)) & ((1 << width) - 1)
  let value = 0
  for (let byte = 0; byte < width / 8; byte++) value = value * 256 + hash[at + byte]!
  return value
}
