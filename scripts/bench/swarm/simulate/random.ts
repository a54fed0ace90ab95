import { hashText } from '../../../../shared/proof/hash.ts'
import { seededRandom } from '../../../../shared/proof/random.ts'

/** Uniform in [0, 1). */
export type Random = () => number

/** 32 bytes for a seed and names. */
export function seedOf(seed: number, ...names: readonly (string | number)[]): Uint8Array {
  return hashText([seed, ...names].join('/'))
}

/** Draws of their own for every seed and name, so that no part of a swarm moves another's. */
export function randomOf(seed: number, ...names: readonly (string | number)[]): Random {
  return seededRandom(seedOf(seed, ...names))
}
