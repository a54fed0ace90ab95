import { createHash } from 'node:crypto'

/** Length of every hash, root and salt in the protocol, in bytes. */
export const HASH_BYTES = 32

const encoder = new TextEncoder()

/**
 * SHA-256 over a domain tag followed by the parts, with nothing in between. Every part must have a fixed length under
 * its tag (hash longer text first, see `hashText`), or two different inputs could read as the same bytes.
 */
export function taggedHash(tag: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256').update(encoder.encode(tag))
  for (const part of parts) hash.update(part)
  return bytesOf(hash.digest())
}

/** SHA-256 of UTF-8 text: gives text of any length a fixed length inside another hash. */
export function hashText(text: string): Uint8Array {
  return bytesOf(createHash('sha256').update(text, 'utf8').digest())
}

/** Four bytes, little-endian. @throws RangeError outside 0 … 2^32 − 1 */
export function u32(value: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) throw new RangeError(`not a u32: ${value}`)
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}

/** Lower-case hex with `0x`. */
export function toHex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`
}

/** @throws RangeError on anything but `0x` and an even number of hex digits */
export function fromHex(hex: string): Uint8Array {
  if (!/^0x(?:[0-9a-f]{2})*$/i.test(hex)) throw new RangeError(`not hex: ${hex.slice(0, 80)}`)
  return bytesOf(Buffer.from(hex.slice(2), 'hex'))
}

/** Equality of hashes; the values compared are public, so time does not matter. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0
}

// A plain Uint8Array of its own memory: Buffers of Node's pool would show their neighbours to whoever reads `.buffer`.
function bytesOf(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer)
}
