import { isAscii, isUtf8 } from 'node:buffer'

/** Bytes that are read, and how far. */
export interface Cursor {
  readonly bytes: Buffer
  at: number
}

/** In place of a value: what stands there is for zod to judge. */
export const MISS = Symbol('miss')

/** Bytes beyond which a native call is faster than a loop. */
const LOOPED_BYTES = 64

// https://github.com/msgpack/msgpack/blob/master/spec.md#formats

/** True, and past them, where exactly these bytes come next. */
export function readExactly(cursor: Cursor, expected: Uint8Array): boolean {
  const { bytes, at } = cursor
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false
  cursor.at = at + expected.length
  return true
}

/** Whole numbers of at most 32 bits, and doubles that are finite. */
export function readNumber(cursor: Cursor): number | typeof MISS {
  const { bytes, at } = cursor
  const type = bytes[at]!
  if (type <= 0x7f) {
    cursor.at = at + 1
    return type
  }
  if (type === 0xcc) return orMiss(readSize(cursor, 1, at + 1))
  if (type === 0xcd) return orMiss(readSize(cursor, 2, at + 1))
  if (type === 0xce) return orMiss(readSize(cursor, 4, at + 1))
  if (type !== 0xcb || at + 9 > bytes.length) return MISS
  cursor.at = at + 9
  const value = bytes.readDoubleBE(at + 1)
  return Number.isFinite(value) ? value : MISS
}

export function readBoolean(cursor: Cursor): boolean | typeof MISS {
  const type = cursor.bytes[cursor.at++]
  return type === 0xc2 || type === 0xc3 ? type === 0xc3 : MISS
}

export function readText(cursor: Cursor): string | typeof MISS {
  const { bytes, at } = cursor
  const type = bytes[at]!
  let length = Number.NaN
  if (type >= 0xa0 && type <= 0xbf) {
    length = type & 0x1f
    cursor.at = at + 1
  } else if (type === 0xd9) length = readSize(cursor, 1, at + 1)
  else if (type === 0xda) length = readSize(cursor, 2, at + 1)
  else if (type === 0xdb) length = readSize(cursor, 4, at + 1)
  const from = cursor.at
  // Not a length is not within the bytes, either.
  if (!(from + length <= bytes.length)) return MISS
  cursor.at = from + length
  if (length <= LOOPED_BYTES && isAsciiFrom(bytes, from, cursor.at))
    return bytes.toString('latin1', from, cursor.at)
  const text = bytes.subarray(from, cursor.at)
  if (isAscii(text)) return text.toString('latin1')
  return isUtf8(text) ? text.toString('utf8') : MISS
}

function isAsciiFrom(bytes: Buffer, from: number, end: number): boolean {
  for (let i = from; i < end; i++) if (bytes[i]! > 0x7f) return false
  return true
}

/** A copy, so that no value keeps its frame alive. */
export function readBinary(cursor: Cursor): Uint8Array | typeof MISS {
  const { bytes, at } = cursor
  const type = bytes[at]!
  let length = Number.NaN
  if (type === 0xc4) length = readSize(cursor, 1, at + 1)
  else if (type === 0xc5) length = readSize(cursor, 2, at + 1)
  else if (type === 0xc6) length = readSize(cursor, 4, at + 1)
  const from = cursor.at
  if (!(from + length <= bytes.length)) return MISS
  cursor.at = from + length
  const copy = new Uint8Array(length)
  if (length > LOOPED_BYTES) copy.set(bytes.subarray(from, cursor.at))
  else for (let i = 0; i < length; i++) copy[i] = bytes[from + i]!
  return copy
}

/** Elements of an array that comes next; NaN where none does. */
export function readArrayHead(cursor: Cursor): number {
  const { bytes, at } = cursor
  const type = bytes[at]!
  if (type === 0xdc) return readSize(cursor, 2, at + 1)
  if (type === 0xdd) return readSize(cursor, 4, at + 1)
  cursor.at = at + 1
  return type >= 0x90 && type <= 0x9f ? type & 0x0f : Number.NaN
}

/** Entries of a map that comes next, as msgpackr writes it: with a length of 16 bits. NaN where none does. */
export function readMapHead(cursor: Cursor): number {
  return cursor.bytes[cursor.at] === 0xde ? readSize(cursor, 2, cursor.at + 1) : Number.NaN
}

/** A whole number of so many bytes; NaN where they are cut short. */
function readSize(cursor: Cursor, width: 1 | 2 | 4, from: number): number {
  const { bytes } = cursor
  if (from + width > bytes.length) return Number.NaN
  cursor.at = from + width
  if (width === 1) return bytes[from]!
  return width === 2 ? bytes.readUInt16BE(from) : bytes.readUInt32BE(from)
}

function orMiss(value: number): number | typeof MISS {
  return Number.isNaN(value) ? MISS : value
}
