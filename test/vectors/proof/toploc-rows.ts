import { bfloat16 } from '../../../shared/proof/toploc/bfloat16.ts'

/** How the values of a verification differ from those that were proven. */
export interface RowChange {
  /** Another seed than the proven chunk's. */
  readonly seed?: number
  /** Moves each float32 pattern by less than half of `spread`, before rounding to bfloat16. */
  readonly noise?: { readonly seed: number; readonly spread: number }
  readonly negate?: boolean
}

/** Knuth's linear congruential generator with the constants of Numerical Recipes: simple to write in any language. */
function congruential(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0
    return state
  }
}

/**
 * Values that are bfloat16 numbers. A value takes two draws a, b: its sign is a's top bit, its exponent 118 plus the zeros that
 * follow in a (at most 12), so that few values are large, as in hidden states, and its mantissa b's upper 23 bits.
 */
export function drawValues(count: number, seed: number, change: RowChange = {}): Float32Array {
  const draw = congruential(change.seed ?? seed)
  const noise = congruential(change.noise?.seed ?? 0)
  const spread = change.noise?.spread ?? 0
  const patterns = new Uint32Array(count)
  for (let i = 0; i < count; i++) {
    const [a, b] = [draw(), draw()]
    const zeros = Math.min(12, Math.clz32((a << 1) | 1))
    const pattern = (a & 0x80000000) + ((118 + zeros) << 23) + (b >>> 9)
    const moved = pattern + Math.floor(((noise() >>> 8) * spread) / 2 ** 24) - Math.floor(spread / 2)
    patterns[i] = change.negate === true ? moved ^ 0x80000000 : moved
  }
  return new Float32Array(patterns.buffer).map((value) => fromBfloat16(bfloat16(value)))
}

/** The number that a bfloat16 pattern stands for. */
export function fromBfloat16(pattern: number): number {
  return new Float32Array(Uint32Array.of(pattern << 16).buffer)[0]!
}
