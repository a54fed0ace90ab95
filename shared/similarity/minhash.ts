import { taggedHash } from '../proof/hash.ts'

/** Values of a signature, k: the estimate's standard deviation is at most 1/(2√k) = .044. */
export const MINHASH_VALUES = 128
/** Tokens of a shingle. */
export const SHINGLE_TOKENS = 5

/**
 * MinHash (Broder, SEQUENCES 1997) of the set of all runs of five tokens in a row: value k is the least that hash k gives to any of them.
 * Two texts share each value with a probability that is the Jaccard index of their sets, |A ∩ B| / |A ∪ B|. Fewer than five
 * tokens are one shingle.
 */
export function minhash(tokens: ArrayLike<number>): Uint32Array {
  const signature = new Uint32Array(MINHASH_VALUES).fill(0xffffffff)
  const last = Math.max(0, tokens.length - SHINGLE_TOKENS)
  for (let start = 0; start <= last; start++) {
    const shingle = hashShingle(tokens, start, Math.min(tokens.length, start + SHINGLE_TOKENS))
    for (let k = 0; k < MINHASH_VALUES; k++) {
      const value = mix(shingle ^ SALTS[k]!)
      if (value < signature[k]!) signature[k] = value
    }
  }
  return signature
}

/** The Jaccard index J of two texts by their signatures: the share of equal values, J ± √(J(1−J)/128). */
export function estimateJaccard(a: Uint32Array, b: Uint32Array): number {
  let equal = 0
  for (let k = 0; k < a.length; k++) if (a[k] === b[k]) equal += 1
  return equal / a.length
}

const SALTS = Uint32Array.from({ length: MINHASH_VALUES }, (_, k) => {
  const bytes = taggedHash('starling/minhash/v1', Uint8Array.of(k))
  return new DataView(bytes.buffer).getUint32(0, true)
})

/** FNV-1a over whole tokens, mixed, as its low bits alone are no hash of few tokens. */
function hashShingle(tokens: ArrayLike<number>, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ tokens[i]!, 0x01000193)
  return mix(hash)
}

/** A permutation of the 32-bit integers that leaves no bit where it was (lowbias32). */
function mix(value: number): number {
  let x = value
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
  return (x ^ (x >>> 15)) >>> 0
}
