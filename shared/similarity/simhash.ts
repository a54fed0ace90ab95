import { projectRow } from '../inference/projection.ts'
import { gaussian } from '../inference/random.ts'
import { taggedHash, u32 } from '../proof/hash.ts'
import { seededRandom } from '../proof/random.ts'

export const SIMHASH_BITS = 1024
export const SIMHASH_BYTES = SIMHASH_BITS / 8

/**
 * Normals of the hyperplanes, row-major [SIMHASH_BITS, width]: standard normal draws from a fixed seed and the width, the same on
 * every machine. Gaussian and not of signs, as only they point in all directions alike. 170 ms for a width of
 * 128, so keep them.
 */
export function hyperplanes(width: number): Float32Array {
  const random = seededRandom(taggedHash('starling/simhash/v1', u32(width)))
  return Float32Array.from({ length: SIMHASH_BITS * width }, () => gaussian(random))
}

/**
 * SimHash (Charikar, STOC 2002): bit n says on which side of hyperplane n a vector lies. Bits of a byte count from its lowest. The length of the
 * vector does not matter; bits of the null vector are 0.
 *
 * Two vectors at an angle of θ differ in each bit with probability p = θ/π, so that of 1,024 bits a share of p ± √(p(1−p)/1024)
 * does.
 * @param vector [width]
 * @param planes of that width, see `hyperplanes`
 * @returns SIMHASH_BYTES bytes
 */
export function simhash(vector: Float32Array, planes: Float32Array): Uint8Array {
  const bytes = new Uint8Array(SIMHASH_BYTES)
  for (const [n, value] of projectRow(planes, vector).entries()) {
    if (value > 0) bytes[n >> 3]! |= 1 << (n & 7)
  }
  return bytes
}

/** Bits in which two hashes of one length differ. */
export function hammingDistance(a: Uint8Array, b: Uint8Array): number {
  let distance = 0
  for (let i = 0; i < a.length; i++) distance += POPCOUNT[a[i]! ^ b[i]!]!
  return distance
}

const POPCOUNT = Uint8Array.from({ length: 256 }, (_, byte) => {
  let count = 0
  for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1
  return count
})

/** What the cosine of two vectors is by their hashes: cos(π·d/b), in [−1, 1]. */
export function estimateCosine(a: Uint8Array, b: Uint8Array): number {
  return Math.cos((Math.PI * hammingDistance(a, b)) / (8 * a.length))
}

/** How alike two hashed answers are, in [0, 1]: the cosine by their hashes, and 0 where it is negative. Of equal hashes it is 1. */
export function similarityOf(a: Uint8Array, b: Uint8Array): number {
  return Math.max(0, estimateCosine(a, b))
}
