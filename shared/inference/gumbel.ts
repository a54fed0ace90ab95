import { hash } from 'node:crypto'
import { portableLn } from './portable-math.ts'

const TAG = 'starling/gumbel/v1'
export const SEED_BYTES = 32

/** TAG ‖ seed ‖ position, filled in anew for each key. */
const message = Buffer.alloc(TAG.length + SEED_BYTES + 4)
message.write(TAG)

/** The 64-bit mixer key of one position, as two unsigned halves. */
export interface NoiseKey {
  readonly high: number
  readonly low: number
}

/** First 8 bytes, big-endian, of SHA-256("starling/gumbel/v1" ‖ seed ‖ position as 4 bytes big-endian). */
export function noiseKey(seed: Uint8Array, position: number): NoiseKey {
  if (seed.length !== SEED_BYTES) throw new RangeError(`seed has ${seed.length} bytes, not ${SEED_BYTES}`)
  message.set(seed, TAG.length)
  message.writeUInt32BE(position, TAG.length + SEED_BYTES)
  const digest = hash('sha256', message, 'buffer')
  return { high: digest.readUInt32BE(0), low: digest.readUInt32BE(4) }
}

/**
 * The noise of one token: splitmix64's finaliser over key + (token + 1)·0x9E3779B97F4A7C15 (Steele, Lea and Flood,
 * 2014), of which the top 52 bits m are kept. Written on 32-bit halves, as BigInt costs twenty times more.
 */
export function noiseBits(key: NoiseKey, token: number, out: Uint32Array): void {
  const step = token + 1
  let low = Math.imul(0x7f4a7c15, step) >>> 0
  let high = (Math.imul(0x9e3779b9, step) + highProduct(0x7f4a7c15, step)) >>> 0
  const sum = low + key.low
  high = (high + key.high + (sum > 0xffffffff ? 1 : 0)) >>> 0
  low = sum >>> 0

  low = (low ^ ((low >>> 30) | (high << 2))) >>> 0
  high = (high ^ (high >>> 30)) >>> 0
  high = (Math.imul(high, 0x1ce4e5b9) + Math.imul(low, 0xbf58476d) + highProduct(low, 0x1ce4e5b9)) >>> 0
  low = Math.imul(low, 0x1ce4e5b9) >>> 0

  low = (low ^ ((low >>> 27) | (high << 5))) >>> 0
  high = (high ^ (high >>> 27)) >>> 0
  high = (Math.imul(high, 0x133111eb) + Math.imul(low, 0x94d049bb) + highProduct(low, 0x133111eb)) >>> 0
  low = Math.imul(low, 0x133111eb) >>> 0

  out[1] = (low ^ ((low >>> 31) | (high << 1))) >>> 0
  out[0] = (high ^ (high >>> 31)) >>> 0
}

/** u = (m + ½)/2⁵², strictly between 0 and 1 and exact, where m is the top 52 bits of the noise. */
export function uniformOf(noise: Uint32Array): number {
  return (noise[0]! * 0x100000 + (noise[1]! >>> 12) + 0.5) / 0x10000000000000
}

/** Standard Gumbel noise G = −ln(−ln u). */
export function gumbelOf(noise: Uint32Array): number {
  return -portableLn(-portableLn(uniformOf(noise)))
}

/**
 * An upper bound on G that needs no logarithm: −ln u ≥ 1 − u ≥ 2^−(z+1), z being the leading ones of u, so
 * G ≤ (z + 1)·ln 2, here rounded up. It spares most tokens both logarithms.
 */
export function gumbelBound(noise: Uint32Array): number {
  const leadingOnes = Math.clz32(~noise[0]!)
  return leadingOnes === 32 ? 37 : (leadingOnes + 1) * 0.7
}

/**
 * Upper half of the 64-bit product of two unsigned 32-bit numbers. The product as a double is off by at most 2¹⁰; less its
 * lower half it is a multiple of 2³², which that error is far too small to hide.
 */
function highProduct(a: number, b: number): number {
  return Math.round((a * b - (Math.imul(a, b) >>> 0)) / 0x100000000)
}
