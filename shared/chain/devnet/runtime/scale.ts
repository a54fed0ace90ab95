/** Bytes as lower-case hex with the 0x prefix, the form in which JSON-RPC and the executor exchange them. */
export type Hex = `0x${string}`

export function toHex(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes).toString('hex')}`
}

/** Bytes of a hex text that is known to be well-formed; use {@link isHex} on input from outside. */
export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.slice(2), 'hex'))
}

export function isHex(value: unknown): value is Hex {
  return typeof value === 'string' && value.length % 2 === 0 && /^0x[0-9a-f]*$/i.test(value)
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts))
}

/** SCALE compact integer, up to 2^64 - 1. */
export function compact(value: number | bigint): Uint8Array {
  const n = BigInt(value)
  if (n < 1n << 6n) return littleEndian(n << 2n, 1)
  if (n < 1n << 14n) return littleEndian((n << 2n) | 1n, 2)
  if (n < 1n << 30n) return littleEndian((n << 2n) | 2n, 4)
  let length = 4
  while (n >> BigInt(8 * length) > 0n) length++
  return concatBytes(Uint8Array.of(((length - 4) << 2) | 3), littleEndian(n, length))
}

/** Fixed-width little-endian integer. */
export function littleEndian(value: number | bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let rest = BigInt(value)
  for (let i = 0; i < length; i++) {
    bytes[i] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return bytes
}

/** SCALE `Vec<u8>`: length, then the bytes. */
export function lengthPrefixed(bytes: Uint8Array): Uint8Array {
  return concatBytes(compact(bytes.length), bytes)
}

/** Reads SCALE values one after the other. Every read past the end throws a RangeError. */
export function scaleReader(bytes: Uint8Array) {
  let offset = 0
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - offset) throw new RangeError('SCALE value ends too early')
    offset += length
    return bytes.subarray(offset - length, offset)
  }
  const uint = (length: number): bigint => {
    let value = 0n
    for (const byte of take(length).toReversed()) value = (value << 8n) | BigInt(byte)
    return value
  }
  const compactInt = (): bigint => {
    const mode = (bytes[offset] ?? 0) & 3
    if (mode === 3) {
      const length = (Number(uint(1)) >> 2) + 4
      return uint(length)
    }
    return uint(1 << mode) >> 2n
  }
  return {
    take,
    /** Unsigned little-endian integer of `length` bytes. */
    uint,
    byte: (): number => Number(uint(1)),
    compact: compactInt,
    bytes: (): Uint8Array => take(Number(compactInt())),
    list<T>(item: () => T): T[] {
      return Array.from({ length: Number(compactInt()) }, item)
    },
    rest: (): Uint8Array => take(bytes.length - offset),
  }
}

export type ScaleReader = ReturnType<typeof scaleReader>
