/** Bytes of a field's name in msgpack; undefined for one of more than 31 characters, which no message has. */
export function keyBytes(name: string): Uint8Array | undefined {
  if (name.length > 31) return undefined
  return Uint8Array.from([0xa0 | name.length, ...Buffer.from(name, 'latin1')])
}

/** Bytes before the fields of an object, as msgpackr writes them: a length of 16 bits, however short. */
export function mapHead(entries: number): Uint8Array {
  return Uint8Array.from([0xde, entries >> 8, entries & 0xff])
}
