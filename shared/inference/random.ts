import { portableLn, portableSinCos } from './portable-math.ts'

/** Uniform in [0, 1); every generator draws from one of these and nothing else. */
export type Random = () => number

/** mulberry32: small, fast and equal everywhere. For data and tests, never for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** An integer from 0 to count − 1. */
export function below(random: Random, count: number): number {
  return Math.floor(random() * count)
}

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[below(random, items.length)]!
}

/** A standard normal draw (Box and Muller, 1958), equal everywhere. */
export function gaussian(random: Random): number {
  const radius = Math.sqrt(-2 * portableLn(1 - random()))
  return radius * portableSinCos(2 * Math.PI * random()).cos
}
